import { plural } from '../../base/plural.ts';
import { visibleLine } from '../../base/visible.ts';
import { accessLines } from '../../features/difference/access-words.ts';
import { placeText } from '../position.ts';
import { isEmpty, type Caused, type Difference } from './difference.ts';
import { causeText, requestLines } from './words.ts';

const colours = { opened: 33, closed: 36, changed: 35 } as const;
/** More lines of one kind than this are counted. */
const mostLines = 200;

/** For a terminal: what changes under a heading for each kind, each with what causes it. */
export function differenceText(found: Difference, options: { readonly color: boolean }): string {
  const paint = (code: number, words: string) => (options.color ? `\u001b[${code}m${words}\u001b[0m` : words);
  const access = accessLines(found.access, found.subjects).map(({ what, place, clients, answer, causes }) =>
    [
      `${paint(colours[what], what.padEnd(8))} ${visibleLine(`${place} for ${clients}: ${answer}`)}`,
      ...because(causes),
    ].join('\n'),
  );
  const requests = requestLines(found).map(({ text, causes }) => [visibleLine(text), ...because(causes)].join('\n'));
  const sections = [
    section('Access', access),
    section('Requests that now fail, bypass a gateway or are undetermined', requests),
    section('Expectations that no longer hold', found.expectations.map(expectationLine)),
    section('New findings', found.findings.added.map(findingLine)),
    section('Findings fixed', found.findings.fixed.map(findingLine)),
  ];
  const head = `${visibleLine(found.before)} -> ${visibleLine(found.after)}: ${plural(found.resources.length, 'resource')} changed`;
  const nothing = isEmpty(found) ? ['Access, requests and findings are the same.\n'] : [];
  return [`${head}.\n`, ...nothing, ...sections, ...found.limits.map((limit) => `\n${limit}\n`)].join('');
}

/** A line for each thing that is worse or whose access changed, and for what was not compared; empty without any. */
export function differenceLines(found: Difference): string {
  const access = accessLines(found.access, found.subjects).map(({ what, place, clients, answer }) =>
    visibleLine(`${what}: ${place} for ${clients}: ${answer}`),
  );
  const lines = [
    ...access,
    ...requestLines(found).map(({ text }) => visibleLine(text)),
    ...found.expectations.map(expectationLine),
    ...found.findings.added.map(findingLine),
    ...found.limits,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function expectationLine({ file, line, name, message }: Difference['expectations'][number]): string {
  return visibleLine(`${file}:${line}: ${name}: ${message}`);
}

function findingLine(finding: Difference['findings']['added'][number]): string {
  return `${placeText(finding)}: ${finding.severity}: ${visibleLine(finding.message)} [${finding.rule}]`;
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, mostLines).map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`);
  const more = lines.length - shown.length;
  return `\n${title}\n${shown.join('')}${more > 0 ? `  and ${more} more (--format json lists all)\n` : ''}`;
}

function because(causes: Caused<object>['causes']): readonly string[] {
  return causes.map((cause) => `    because of ${visibleLine(causeText(cause))}`);
}
