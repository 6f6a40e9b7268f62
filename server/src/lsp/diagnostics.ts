// Converts findings to the diagnostics of a file.
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import { visibleLine, visibleText } from '../base/visible.ts';
import { LineIndex } from '../base/line-index.ts';
import type { Sources } from '../engine/to-source.ts';
import type { Finding } from '../engine/finding.ts';
import type { Skipped } from '../engine/reader.ts';
import { findingAtSource } from '../engine/to-source.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { fileProblems, type FileProblem } from '../features/file-problems.ts';
import { contextOfUri } from '../sources/cluster-files.ts';
import { source, toDiagnostic, toRange } from './to-lsp.ts';

export interface DiagnosticsOf {
  readonly findings: readonly Finding[];
  /** Why settings cannot be read from the file. */
  readonly unreadable: string | undefined;
  readonly rules: Rules;
  readonly sources: Sources;
  readonly pageUri: (rule: string) => string | undefined;
  /** Findings in what was rendered from the file. */
  readonly rendered: readonly Finding[];
  /** What does not meet the settings. */
  readonly unmet: readonly Finding[];
  /** Why it could not be rendered. */
  readonly notes: readonly Skipped[];
}

export function diagnosticsOf(
  uri: string,
  { findings, unreadable, rules, sources, pageUri, rendered, unmet, notes }: DiagnosticsOf,
): readonly Diagnostic[] {
  const context = contextOfUri(uri);
  if (context !== undefined) return inCluster([...findings, ...unmet], context, pageUri);
  const problems =
    unreadable === undefined ? fileProblems(uri, sources.textOf, rules) : [unreadableSettings(unreadable)];
  if (!problems)
    return [
      ...[...findings.flatMap((finding) => findingAtSource(finding, sources) ?? []), ...rendered, ...unmet].map(
        (finding) => toDiagnostic(finding, pageUri),
      ),
      ...notes.map(toNote),
    ];
  const lines = new LineIndex(sources.textOf(uri) ?? '');
  return problems.map(({ message, span }) => ({
    message: visibleLine(message),
    range: toRange(span, lines),
    severity: DiagnosticSeverity.Error,
    source,
  }));
}

function unreadableSettings(reason: string): FileProblem {
  return {
    message: `This file cannot be read (${reason}), so none of its settings apply.`,
    span: { start: 0, end: 0 },
  };
}

function toNote({ why }: Skipped): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    message: visibleText(`${why[0]?.toUpperCase()}${why.slice(1)}`),
    range: { start, end: { line: 1, character: 0 } },
    severity: DiagnosticSeverity.Information,
    source,
  };
}

/** What someone else wrote is not held to the finer points. */
function inCluster(
  findings: readonly Finding[],
  context: string,
  pageUri: DiagnosticsOf['pageUri'],
): readonly Diagnostic[] {
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map((finding) =>
      toDiagnostic({ ...finding, message: `In cluster ${visibleLine(context)}: ${finding.message}` }, pageUri),
    );
}
