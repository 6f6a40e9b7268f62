import type { Severity } from '../../rules/rule.ts';
import { visibleLine } from '../../base/visible.ts';
import { placeText } from '../position.ts';
import { count } from '../../engine/count.ts';
import { nothingFound } from '../counts.ts';
import { baselineLines, ignoredLines, type Report, type ReportedFinding } from '../report.ts';

const colours: Readonly<Record<Severity, number>> = { error: 31, warning: 33, information: 36, hint: 90 };
const mostSkipped = 10;

/** For users: a finding a line with what belongs to it below, then what was read. */
export function text(report: Report, options: { readonly color: boolean }): string {
  const paint = (code: number, words: string) => (options.color ? `\u001b[${code}m${words}\u001b[0m` : words);
  const findings = report.findings.map((finding) => oneFinding(finding, paint));
  return (
    [
      ...findings,
      ...statuses(report, paint),
      summary(report),
      ...fixable(report),
      ...ignoredLines(report),
      ...baselineLines(report),
      ...skipped(report),
    ].join('\n') + '\n'
  );
}

function oneFinding(finding: ReportedFinding, paint: (code: number, words: string) => string): string {
  const { severity, message, rule, related, fixes } = finding;
  const lines = [`${placeText(finding)}: ${paint(colours[severity], severity)}: ${message} ${paint(90, `[${rule}]`)}`];
  lines.push(...excerpt(finding, paint));
  for (const other of related) lines.push(`    ${placeText(other)}: ${other.message}`);
  if (fixes[0])
    lines.push(
      `    fix: ${visibleLine(fixes[0].title)}${fixes[0].safety === 'unsafe' ? ' (may change behaviour)' : ''}`,
    );
  return lines.join('\n');
}

/** Longer lines are cut; most are far shorter. */
const widest = 120;

/** The line with the range underlined. */
function excerpt(
  { source, range, severity }: ReportedFinding,
  paint: (code: number, words: string) => string,
): string[] {
  if (source === undefined || source.trim() === '') return [];
  const { start, end } = range;
  const indent = source.length - source.trimStart().length;
  const from = Math.min(indent, start.character);
  const shown = visibleLine(source.slice(from, from + widest));
  const until = end.line > start.line ? source.length : end.character;
  const [left, right] = [start.character, Math.max(until, start.character + 1)].map(
    (at) => visibleLine(source.slice(from, Math.min(at, from + widest))).length,
  ) as [number, number];
  if (right <= left && shown.length === 0) return [];
  return [
    `    ${paint(90, '|')} ${shown}`,
    `    ${paint(90, '|')} ${' '.repeat(left)}${paint(colours[severity], '^'.repeat(Math.max(right - left, 1)))}`,
  ];
}

/** Under a heading of their own: they speak of the cluster as it was at that moment. */
function statuses({ cluster, findings }: Report, paint: (code: number, words: string) => string): string[] {
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
  const { error, warning, information, hint } = count(report.findings);
  const found = [
    plural(error, 'error'),
    plural(warning, 'warning'),
    `${information} information`,
    plural(hint, 'hint'),
  ].join(', ');
  const { cluster } = report;
  const beside = cluster
    ? `, and ${plural(cluster.resources, 'resource')} of cluster ${visibleLine(cluster.context)}${cluster.namespaces ? ` (${visibleLine(cluster.namespaces.join(', '))})` : ''}`
    : '';
  const apart = report.findings.length > 0 || (cluster?.statuses.length ?? 0) > 0;
  const nothing = nothingFound(report);
  if (nothing !== undefined && !apart) return nothing;
  return `${apart ? '\n' : ''}${found} in ${plural(report.files, 'file')} with ${plural(report.resources, 'resource')}${beside}.`;
}

function skipped(report: Report): string[] {
  const lines = report.skipped.slice(0, mostSkipped).map(({ file, why }) => `    ${visibleLine(`${file}: ${why}`)}`);
  const more = report.skipped.length - lines.length;
  if (lines.length === 0) return [];
  return [
    `${plural(report.skipped.length, 'file')} skipped:`,
    ...lines,
    ...(more > 0 ? [`    and ${more} more (--format json lists them all)`] : []),
  ];
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
