// Expectations that stand in YAML as comments: `# warning: [rule-id] "part of the message"` at the end of a line or alone on
// the line above, and `# ^^^` below it for the exact range. They are taken out before the text is analysed.
import type { Severity } from '../../server/src/rules/rule.ts';
import type { Finding } from '../../server/src/engine/finding.ts';

export interface Marker {
  /** `related` where a finding, wherever it is, points here. */
  readonly severity: Severity | 'related';
  readonly rule: string;
  readonly part: string;
  /** 0-based, in the text without markers. */
  readonly line: number;
  /** Columns of the carets below the line, where there are any. */
  readonly columns: { readonly start: number; readonly end: number } | undefined;
}

export interface MarkedText {
  readonly text: string;
  readonly markers: readonly Marker[];
}

const form = /#\s*(error|warning|information|hint|related): \[([a-z0-9-]+)\](?: "((?:[^"\\]|\\.)*)")?\s*$/;
const carets = /^(\s*#\s*)(\^+)\s*$/;

export function readMarkers(marked: string): MarkedText {
  const lines: string[] = [];
  const markers: Marker[] = [];
  let waiting: Marker[] = [];
  for (const line of marked.split('\n')) {
    const caret = carets.exec(line);
    const found = form.exec(line);
    if (caret) underline(markers, lines.length - 1, caret[1]!.length, caret[2]!.length);
    else if (found && line.slice(0, found.index).trim() === '') waiting.push(toMarker(found, -1));
    else {
      const here = found ? [toMarker(found, lines.length)] : [];
      markers.push(...waiting.map((marker) => ({ ...marker, line: lines.length })), ...here);
      waiting = [];
      lines.push(found ? line.slice(0, found.index).trimEnd() : line);
    }
  }
  return { text: lines.join('\n'), markers: [...markers, ...waiting] };
}

function toMarker([, severity, rule, part]: RegExpExecArray, line: number): Marker {
  return {
    severity: severity as Marker['severity'],
    rule: rule!,
    part: (part ?? '').replace(/\\(.)/g, '$1'),
    line,
    columns: undefined,
  };
}

function underline(markers: Marker[], line: number, start: number, length: number): void {
  markers.forEach((marker, i) => {
    if (marker.line === line) markers[i] = { ...marker, columns: { start, end: start + length } };
  });
}

/**
 * What does not fit together in one file, as sentences; empty where each finding has its marker and each marker its finding.
 * `findings` are those of all files. What findings point at needs no marker.
 */
export function compareMarkers(uri: string, markers: readonly Marker[], findings: readonly Finding[]): string[] {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  const open = findings.filter((finding) => finding.uri === uri);
  const unmet = markers.filter((marker) => {
    if (marker.severity === 'related') return !findings.some((finding) => pointsAt(finding, uri, marker));
    const at = open.findIndex((finding) => fits(marker, finding));
    if (at >= 0) open.splice(at, 1);
    return at < 0;
  });
  return [
    ...unmet.map(
      (marker) =>
        `${file}:${marker.line + 1} expects ${marker.severity}: [${marker.rule}] "${marker.part}"${marker.columns ? ` at columns ${marker.columns.start}-${marker.columns.end}` : ''}`,
    ),
    ...open.map(
      (finding) =>
        `${file}:${finding.range.start.line + 1} has ${finding.severity}: [${finding.rule}] "${finding.message}" at columns ${finding.range.start.character}-${finding.range.end.character}`,
    ),
  ];
}

function pointsAt(finding: Finding, uri: string, { rule, part, line }: Marker): boolean {
  return (
    finding.rule === rule &&
    finding.related.some(
      (there) => there.uri === uri && there.range.start.line === line && there.message.includes(part),
    )
  );
}

function fits({ severity, rule, part, line, columns }: Marker, finding: Finding): boolean {
  const { start, end } = finding.range;
  return (
    finding.rule === rule &&
    finding.severity === severity &&
    finding.message.includes(part) &&
    start.line === line &&
    (!columns || (start.character === columns.start && end.line === line && end.character === columns.end))
  );
}
