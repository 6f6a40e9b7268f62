import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine, type LogExplanation } from '../../eval/log/explain-line.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { load } from '../load.ts';
import { placer, placeText } from '../place.ts';
import type { RuleBook } from '../run.ts';

interface Explained extends LogExplanation {
  /** 1-based. */
  readonly line: number;
}

/** Explains each access-log line of a file or of standard input; others are counted. Exit code 0. */
export function log(args: Arguments, host: CliHost, book: RuleBook): number {
  const loaded = args.manifests === undefined ? undefined : load({ ...args, paths: [args.manifests] }, host, book);
  const lines = textOf(args, host).split(/\r?\n/);
  const mesh = loaded?.workspace.mesh;
  const explained = lines.flatMap((line, index): Explained[] => {
    const explanation = explainLogLine(line, mesh);
    return explanation ? [{ ...explanation, line: index + 1 }] : [];
  });
  const passedOver = lines.filter((line) => line.trim() !== '').length - explained.length;
  const place = loaded ? placer(loaded, host) : undefined;
  host.stdout(args.format === 'json' ? json(explained, passedOver, place) : text(explained, passedOver, place));
  return 0;
}

type Place = ReturnType<typeof placer> | undefined;

function textOf({ paths }: Arguments, host: CliHost): string {
  if (paths.length > 1) throw new UsageError('log reads one file, or standard input');
  const [path = '-'] = paths;
  if (path === '-') return host.readStdin();
  const text = host.readText(host.resolve(path));
  if (text === undefined) throw new UsageError(`${path}: cannot be read`);
  return text;
}

function json(explained: readonly Explained[], passedOver: number, place: Place): string {
  const lines = explained.map(({ line, format, outcome, summary, fields, links, notes, proposal }) => ({
    line, format, outcome, summary,
    fields: fields.map(({ name, operator, value, meaning }) => ({ name, operator: operator ?? null, value, meaning })),
    resources: place ? links.map(({ resource, span, message }) => ({ ...place(resource, span), message })) : [],
    notes,
    proposal: proposal ? { title: proposal.title, yaml: proposalYaml(proposal), fill: proposal.fill, addTo: proposal.addTo && place ? place(proposal.addTo, proposal.addTo.at.name) : null } : null,
  }));
  return `${JSON.stringify({ version: 1, lines, passedOver }, null, 2)}\n`;
}

function text(explained: readonly Explained[], passedOver: number, place: Place): string {
  const blocks = explained.map((one) => oneLine(one, place));
  const total = `${explained.length} ${explained.length === 1 ? 'line' : 'lines'} explained, ${passedOver} passed over as no access log.`;
  return `${[...blocks, total].join('\n\n')}\n`;
}

function oneLine({ line, summary, fields, links, notes, proposal }: Explained, place: Place): string {
  const width = Math.max(...fields.map(({ name }) => name.length));
  const value = Math.min(40, Math.max(...fields.map((field) => field.value.length)));
  return [
    `line ${line}: ${summary}`,
    ...fields.map((field) => `  ${field.name.padEnd(width)}  ${field.value.padEnd(value)}  ${field.meaning}`),
    ...(place ? links.map(({ resource, span, message }) => `  ${placeText(place(resource, span))}: ${message}`) : []),
    ...notes.map((note) => `  ${note}`),
    ...(proposal ? [`  ${proposal.title}:`, ...proposalYaml(proposal).trimEnd().split('\n').map((row) => `    ${row}`), ...proposal.fill.map((hole) => `  ${hole}`)] : []),
  ].join('\n');
}
