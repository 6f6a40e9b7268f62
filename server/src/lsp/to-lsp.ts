// Converts plain results to LSP types.
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  type Range,
  type TextEdit as LspTextEdit,
} from 'vscode-languageserver-types';
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { Finding } from '../engine/finding.ts';
import type { Severity } from '../rules/rule.ts';

export const source = 'istio-egress';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
const tags: Readonly<Record<string, DiagnosticTag>> = {
  'deprecated-api-version': DiagnosticTag.Deprecated,
  'unused-suppression': DiagnosticTag.Unnecessary,
};

/** `pageUri` gives the address of a rule's page where the client can open one. */
export function toDiagnostic(finding: Finding, pageUri: (rule: string) => string | undefined): Diagnostic {
  const href = pageUri(finding.rule);
  const tag = tags[finding.rule];
  return {
    range: finding.range,
    severity: severities[finding.severity],
    code: finding.rule,
    source,
    message: finding.message,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    ...(tag === undefined ? {} : { tags: [tag] }),
    ...(finding.related.length === 0 ? {} : { relatedInformation: finding.related.map(toRelated) }),
  };
}

function toRelated({ uri, range, message }: Finding['related'][number]): DiagnosticRelatedInformation {
  return { location: { uri, range }, message };
}

export function toRange(span: Span, lines: LineIndex): Range {
  return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
}

export function toTextEdit(edit: TextEdit, lines: LineIndex): LspTextEdit {
  return { range: toRange(edit.span, lines), newText: edit.newText };
}
