import { visibleLine } from '../../base/visible.ts';
import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine, type LogExplanation } from '../../eval/log/explain-line.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { load } from '../load.ts';
import { logLines } from '../log-lines.ts';
import { placer, placeText, type Placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

interface Explained extends LogExplanation {
  /** 1-based. */
  readonly line: number;
}

/** Explains each access-log line of a file or of standard input as it comes; others are counted. Exit code 0, unless there is no line. */
export async function log(args: Arguments, host: CliHost, book: RuleBook): Promise<number> {
  const loaded = args.manifests === undefined ? undefined : load({ ...args, paths: [args.manifests] }, host, book);
  const place = loaded ? placer(loaded, host) : undefined;
  const shape = shapeFor(args);
  const mesh = loaded?.workspace.mesh;
  let [explained, skipped] = [0, 0];
  let isEmpty = true;
  if (args.paths.length > 1) throw new UsageError('log reads one file or standard input');
  for await (const { text, number } of logLines(args.paths[0] ?? '-', host)) {
    if (isEmpty) await host.print(shape.start);
    isEmpty = false;
    const explanation = text === undefined ? undefined : explainLogLine(text, mesh);
    if (explanation) await host.print(shape.one({ ...explanation, line: number }, place, explained++));
    else if (text?.trim() !== '') skipped++;
  }
  await host.print(shape.end(explained, skipped));
  return 0;
}

/** What is printed before, for each line, and behind them all. */
interface Shape {
  readonly start: string;
  readonly one: (explained: Explained, place: Placer | undefined, before: number) => string;
  readonly end: (explained: number, skipped: number) => string;
}

function shapeFor({ format, detail }: Arguments): Shape {
  if (format === 'json') return json;
  if (detail === 'quiet') return bareText;
  return detail === 'verbose' ? fullText : briefText();
}

const json: Shape = {
  start: '{\n  "version": 1,\n  "lines": [',
  one: (explained, place, before) =>
    `${before > 0 ? ',' : ''}\n${JSON.stringify(plain(explained, place), null, 2).replaceAll(/^/gm, '    ')}`,
  end: (explained, skipped) => `${explained > 0 ? '\n  ' : ''}],\n  "passedOver": ${skipped}\n}\n`,
};

function plain(
  { line, format, writer, outcome, time, client, request, result, summary, fields, links, notes, proposal }: Explained,
  place: Placer | undefined,
): object {
  return {
    line,
    format,
    writer,
    outcome,
    time: time ?? null,
    client: client ?? null,
    request,
    result,
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

const fullText: Shape = {
  start: '',
  one: (explained, place) =>
    `line ${explained.line}: ${visibleLine(explained.summary)}\n${details(explained, place)}\n\n`,
  end: (explained, skipped) => countText(explained, skipped),
};

const bareText: Shape = { start: '', one: (explained) => `${briefOf(explained)}\n`, end: () => '' };

/** A line each; the details follow where there was only one. */
function briefText(): Shape {
  let only = '';
  return {
    start: '',
    one: (explained, place, before) => {
      only = before === 0 ? `${details(explained, place)}\n\n` : '';
      return `${briefOf(explained)}\n`;
    },
    end: (explained, skipped) =>
      `${only}${countText(explained, skipped)}${explained > 1 ? 'With --verbose, each line is explained field by field.\n' : ''}`,
  };
}

function countText(explained: number, skipped: number): string {
  return `${explained} ${explained === 1 ? 'line' : 'lines'} explained, ${skipped} skipped (not access-log lines).\n`;
}

/** Time, client, request, result and cause. */
function briefOf({ line, time, client, summary }: Explained): string {
  const clock = time === undefined ? undefined : (/T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(time)?.[1] ?? time);
  return visibleLine([`line ${line}:`, clock, client, summary].filter((part) => part !== undefined).join(' '));
}

function details({ fields, links, notes, proposal }: Explained, place: Placer | undefined): string {
  const width = Math.max(...fields.map(({ name }) => name.length));
  const value = Math.min(40, Math.max(...fields.map((field) => field.value.length)));
  return [
    ...fields.map((field) =>
      visibleLine(`  ${field.name.padEnd(width)}  ${field.value.padEnd(value)}  ${field.meaning}`),
    ),
    ...(place
      ? links.map(({ resource, span, message }) => `  ${placeText(place(resource, span))}: ${visibleLine(message)}`)
      : []),
    ...notes.map((note) => `  ${visibleLine(note)}`),
    ...proposalLines(proposal),
  ].join('\n');
}

function proposalLines(proposal: Explained['proposal']): readonly string[] {
  if (!proposal) return [];
  const yaml = proposalYaml(proposal).trimEnd().split('\n');
  return [
    `  ${visibleLine(proposal.title)}:`,
    ...yaml.map((row) => `    ${row}`),
    ...proposal.fill.map((text) => `  ${visibleLine(text)}`),
  ];
}
