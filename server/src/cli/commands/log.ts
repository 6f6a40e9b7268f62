import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine, type LogExplanation } from '../../eval/log/explain-line.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { linesOf } from '../lines-of.ts';
import { load } from '../load.ts';
import { placer, placeText, type Placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

interface Explained extends LogExplanation {
  /** 1-based. */
  readonly line: number;
}

/** Explains each access-log line of a file or of standard input as it comes; others are counted. Exit code 0. */
export async function log(args: Arguments, host: CliHost, book: RuleBook): Promise<number> {
  const loaded = args.manifests === undefined ? undefined : load({ ...args, paths: [args.manifests] }, host, book);
  const place = loaded ? placer(loaded, host) : undefined;
  const shape = args.format === 'json' ? json : text;
  const mesh = loaded?.workspace.mesh;
  let [line, explained, passedOver] = [0, 0, 0];
  await host.print(shape.start);
  for await (const one of read(args, host)) {
    line++;
    const explanation = one === undefined ? undefined : explainLogLine(one, mesh);
    if (explanation) await host.print(shape.one({ ...explanation, line }, place, explained++));
    else if (one?.trim() !== '') passedOver++;
  }
  await host.print(shape.end(explained, passedOver));
  return 0;
}

async function* read({ paths }: Arguments, host: CliHost): AsyncGenerator<string | undefined> {
  if (paths.length > 1) throw new UsageError('log reads one file or standard input');
  const [path = '-'] = paths;
  try {
    yield* linesOf(host.stream(path === '-' ? undefined : host.resolve(path)));
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** What is printed before, for each line, and behind them all. */
interface Shape {
  readonly start: string;
  readonly one: (explained: Explained, place: Placer | undefined, before: number) => string;
  readonly end: (explained: number, passedOver: number) => string;
}

const json: Shape = {
  start: '{\n  "version": 1,\n  "lines": [',
  one: (explained, place, before) =>
    `${before > 0 ? ',' : ''}\n${JSON.stringify(plain(explained, place), null, 2).replaceAll(/^/gm, '    ')}`,
  end: (explained, passedOver) => `${explained > 0 ? '\n  ' : ''}],\n  "passedOver": ${passedOver}\n}\n`,
};

function plain(
  { line, format, outcome, summary, fields, links, notes, proposal }: Explained,
  place: Placer | undefined,
): object {
  return {
    line,
    format,
    outcome,
    summary,
    fields: fields.map(({ name, operator, value, meaning }) => ({ name, operator: operator ?? null, value, meaning })),
    resources: place ? links.map(({ resource, span, message }) => ({ ...place(resource, span), message })) : [],
    notes,
    proposal: proposal
      ? {
          title: proposal.title,
          yaml: proposalYaml(proposal),
          fill: proposal.fill,
          addTo: proposal.addTo && place ? place(proposal.addTo, proposal.addTo.at.name) : null,
        }
      : null,
  };
}

const text: Shape = {
  start: '',
  one: (explained, place) => `${oneLine(explained, place)}\n\n`,
  end: (explained, passedOver) =>
    `${explained} ${explained === 1 ? 'line' : 'lines'} explained, ${passedOver} skipped (not access-log lines).\n`,
};

function oneLine({ line, summary, fields, links, notes, proposal }: Explained, place: Placer | undefined): string {
  const width = Math.max(...fields.map(({ name }) => name.length));
  const value = Math.min(40, Math.max(...fields.map((field) => field.value.length)));
  return [
    `line ${line}: ${summary}`,
    ...fields.map((field) => `  ${field.name.padEnd(width)}  ${field.value.padEnd(value)}  ${field.meaning}`),
    ...(place ? links.map(({ resource, span, message }) => `  ${placeText(place(resource, span))}: ${message}`) : []),
    ...notes.map((note) => `  ${note}`),
    ...(proposal
      ? [
          `  ${proposal.title}:`,
          ...proposalYaml(proposal)
            .trimEnd()
            .split('\n')
            .map((row) => `    ${row}`),
          ...proposal.fill.map((hole) => `  ${hole}`),
        ]
      : []),
  ].join('\n');
}
