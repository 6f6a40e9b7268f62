// What is published of a file.
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import { LineIndex } from '../base/line-index.ts';
import type { Rules, Workspace } from '../engine/workspace.ts';
import { fileProblems } from '../features/file-problems.ts';
import { contextOfUri } from '../sources/cluster-files.ts';
import { source, toDiagnostic, toRange } from './to-lsp.ts';

export interface DiagnosticsOf {
  readonly workspace: Workspace;
  readonly rules: Rules;
  readonly textOf: (uri: string) => string | undefined;
  readonly pageUri: (rule: string) => string | undefined;
}

export function diagnosticsOf(uri: string, { workspace, rules, textOf, pageUri }: DiagnosticsOf): readonly Diagnostic[] {
  const context = contextOfUri(uri);
  if (context !== undefined) return inCluster(uri, context, workspace, pageUri);
  const problems = fileProblems(uri, textOf, rules);
  if (!problems) return workspace.findings(uri).map((finding) => toDiagnostic(finding, pageUri));
  const lines = new LineIndex(textOf(uri) ?? '');
  return problems.map(({ message, span }) => ({ message, range: toRange(span, lines), severity: DiagnosticSeverity.Error, source }));
}

/** What somebody else wrote is not held to the finer points. */
function inCluster(uri: string, context: string, workspace: Workspace, pageUri: DiagnosticsOf['pageUri']): readonly Diagnostic[] {
  return workspace.findings(uri).filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map((finding) => toDiagnostic({ ...finding, message: `In cluster ${context}: ${finding.message}` }, pageUri));
}
