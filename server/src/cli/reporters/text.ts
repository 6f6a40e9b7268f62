import type { Severity } from '../../rules/rule.ts';
import { groupBy } from '../../base/group-by.ts';
import { plural } from '../../base/plural.ts';
import { visibleLine } from '../../base/visible.ts';
import { placeText } from '../position.ts';
import { count } from '../../engine/count.ts';
import { nothingFound } from '../counts.ts';
import { baselineLines, ignoredLines, isAtLeast, type Report, type ReportedFinding } from '../report.ts';
import { linkEnd, linkStart } from '../terminal-links.ts';
import { excerptOf } from './excerpt.ts';
import { ruleAddress } from './rule-address.ts';
import { severityCounts } from './severity-counts.ts';

const colours: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 36, hint: 90 };
const mostSkipped = 10;

export interface TextOptions {
  readonly color: boolean;
  /** Of the terminal: lines are broken between words to fit. Undefined where the output is no terminal. */
  readonly columns: number | undefined;
  /** `quiet`: a line for each finding that fails the run. `verbose`: also what each rule is about, every fix and every skipped file. */
  readonly detail: 'quiet' | 'usual' | 'verbose';
  readonly failOn: Severity;
  /** Whether the terminal makes a link of OSC 8: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
  readonly links: boolean;
}

interface Pen {
  readonly paint: (code: number, words: string) => string;
  /** The tag of a rule, as a link to its page where the terminal takes one. */
  readonly tag: (rule: string) => string;
}

/** For users: the findings of each file under its name, each with what belongs to it below, then what was read. */
export function text(report: Report, options: TextOptions): string {
  const pen = penFor(report, options);
  if (options.detail === 'quiet')
    return report.findings
      .filter(({ severity }) => isAtLeast(severity, options.failOn))
      .map((finding) => `${headline(finding, undefined, pen)}\n`)
      .join('');
  const summaries = new Map(report.rules.map(({ id, summary }) => [id, summary]));
  const files = [...groupBy(report.findings, ({ file }) => file)].flatMap(([file, findings], at) => [
    `${at > 0 ? '\n' : ''}${heading(file, findings, options.columns, pen)}`,
    ...findings.map((finding) => oneFinding(finding, summaries.get(finding.rule), options, pen)),
  ]);
  return (
    [
      ...files,
      ...statuses(report, pen),
      summary(report),
      ...fixable(report),
      ...(report.findings.length > 0 ? ['`istio-egress explain RULE` says why a finding matters.'] : []),
      ...ignoredLines(report),
      ...baselineLines(report),
      ...skipped(report, options.detail === 'verbose' ? Infinity : mostSkipped),
    ].join('\n') + '\n'
  );
}

function penFor({ rules, ...product }: Report, { color, links }: TextOptions): Pen {
  const paint = (code: number, words: string) => (color ? `\u001b[${code}m${words}\u001b[0m` : words);
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const tag = (id: string) => {
    const [shown, rule] = [paint(90, `[${id}]`), byId.get(id)];
    return links && color && rule ? `${linkStart(ruleAddress(rule, product))}${shown}${linkEnd}` : shown;
  };
  return { paint, tag };
}

/** No line of a finding: it has no place, so that no tool takes it for one. */
function heading(
  file: string,
  findings: readonly ReportedFinding[],
  columns: number | undefined,
  { paint }: Pen,
): string {
  const counts = Object.entries(count(findings)).filter(([, number]) => number > 0);
  const name = visibleLine(file === '-' ? 'standard input' : file);
  const [first = '', ...more] = broken(`${name} (${severityCounts(Object.fromEntries(counts))})`, columns, '    ');
  return [first.startsWith(name) ? paint(1, name) + first.slice(name.length) : paint(1, first), ...more].join('\n');
}

function oneFinding(
  finding: ReportedFinding,
  about: string | undefined,
  { columns, detail }: TextOptions,
  pen: Pen,
): string {
  const { paint } = pen;
  const { severity, rule, related, fixes } = finding;
  const excerpt = excerptOf(finding, columns);
  const below = [
    ...related.map((other) => `${placeText(other)}: ${other.message}`),
    ...fixes
      .slice(0, detail === 'verbose' ? undefined : 1)
      .map(({ title, safety }) => `fix: ${visibleLine(title)}${safety === 'unsafe' ? ' (may change behaviour)' : ''}`),
    ...(detail === 'verbose' && about !== undefined ? [`rule: ${about} Read on: istio-egress explain ${rule}`] : []),
  ];
  return [
    headline(finding, columns, pen),
    ...(excerpt
      ? [
          `    ${paint(90, '|')} ${excerpt.line}`,
          `    ${paint(90, '|')} ${' '.repeat(excerpt.underline.lastIndexOf(' ') + 1)}${paint(colours[severity], excerpt.underline.trimStart())}`,
        ]
      : []),
    ...below.flatMap((line) => broken(`    ${line}`, columns, '      ')),
  ].join('\n');
}

function headline(finding: ReportedFinding, columns: number | undefined, { paint, tag }: Pen): string {
  const { severity, message, rule } = finding;
  const lines = [...broken(`${placeText(finding)}: ${severity}: ${message} [${rule}]`, columns, '    ')];
  // Behind a long place it begins the second line.
  const word = [`: ${severity}:`, `    ${severity}:`].find((start) => lines.some((line) => line.includes(start))) ?? '';
  const at = lines.findIndex((line) => line.includes(word));
  lines[at] = lines[at]!.replace(word, () => word.replace(severity, paint(colours[severity], severity)));
  const last = lines.length - 1;
  lines[last] = lines[last]!.replace(/\[[\w-]+\]$/, () => tag(rule));
  return lines.join('\n');
}

/** Between words, so that no name or place is torn. */
function broken(line: string, columns: number | undefined, indent: string): readonly string[] {
  if (columns === undefined || line.length <= columns) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S) /)) {
    if (current !== '' && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

/** Under a heading of their own: they speak of the cluster as it was at that moment. */
function statuses({ cluster, findings }: Report, { paint }: Pen): string[] {
  if (!cluster || cluster.statuses.length === 0) return [];
  const lines = cluster.statuses.map(
    (status) =>
      `${placeText(status)}: ${paint(colours[status.severity], status.severity)}: ${visibleLine(status.message)} ${paint(90, `[${visibleLine(status.code)}]`)}`,
  );
  return [
    `${findings.length > 0 ? '\n' : ''}Reported by the cluster's controllers (does not affect the exit code):`,
    ...lines,
  ];
}

function fixable({ findings }: Report): string[] {
  const safe = findings.filter(({ fixes }) => fixes.some(({ safety }) => safety === 'safe')).length;
  return safe === 0 ? [] : [`${safe} can be fixed with \`istio-egress fix\`.`];
}

function summary(report: Report): string {
  const found = severityCounts(count(report.findings));
  const { cluster } = report;
  const beside = cluster
    ? `, and ${plural(cluster.resources, 'resource')} of cluster ${visibleLine(cluster.context)}${cluster.namespaces ? ` (${visibleLine(cluster.namespaces.join(', '))})` : ''}`
    : '';
  const apart = report.findings.length > 0 || (cluster?.statuses.length ?? 0) > 0;
  const nothing = nothingFound(report);
  if (nothing !== undefined && !apart) return nothing;
  return `${apart ? '\n' : ''}${found} in ${plural(report.files, 'file')} with ${plural(report.resources, 'resource')}${beside}.`;
}

function skipped(report: Report, most: number): string[] {
  const lines = report.skipped.slice(0, most).map(({ file, why }) => `    ${visibleLine(`${file}: ${why}`)}`);
  const more = report.skipped.length - lines.length;
  if (lines.length === 0) return [];
  return [
    `${plural(report.skipped.length, 'file')} skipped:`,
    ...lines,
    ...(more > 0 ? [`    and ${more} more (--verbose lists them all)`] : []),
  ];
}
