import { SymbolKind, type SymbolInformation } from 'vscode-languageserver';
import { workspaceSymbols } from '../../features/workspace-symbols.ts';
import type { WorkspaceSymbolRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';

export function workspaceSymbol(session: Session, { query }: WorkspaceSymbolRequest): SymbolInformation[] {
  const workspaces = session.workspaces().map(({ workspace }) => workspace);
  return workspaceSymbols(workspaces, query).flatMap(({ name, kind, container, resource, at }) => {
    const place = workspaces
      .map((workspace) => workspace.placed(resource.document, at))
      .find((one) => one?.uri === resource.uri);
    return place
      ? [
          {
            name,
            kind: kind === 'host' ? SymbolKind.Interface : SymbolKind.Object,
            containerName: container,
            location: { uri: place.uri, range: place.range },
          },
        ]
      : [];
  });
}
