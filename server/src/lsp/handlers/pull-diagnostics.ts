import type { DocumentDiagnosticReport, WorkspaceDiagnosticReport } from 'vscode-languageserver';
import type { DocumentDiagnosticRequest, WorkspaceDiagnosticRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';

export async function documentDiagnostic(
  session: Session,
  { textDocument: { uri }, previousResultId }: DocumentDiagnosticRequest,
): Promise<DocumentDiagnosticReport> {
  await session.caughtUp(uri);
  return session.reports?.ofDocument(uri, previousResultId) ?? { kind: 'full', items: [] };
}

export function workspaceDiagnostic(
  session: Session,
  { previousResultIds }: WorkspaceDiagnosticRequest,
): WorkspaceDiagnosticReport {
  const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
  return { items: session.reports?.ofWorkspace(previous) ?? [] };
}
