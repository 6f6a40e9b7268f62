import { MarkupKind, type Hover } from 'vscode-languageserver';
import { configHover } from '../../features/config-file/hover.ts';
import { egressTestHover } from '../../features/egress-test/hover.ts';
import { hoverAt } from '../../features/hover.ts';
import { isConfigFile } from '../../sources/config-file.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function hover(session: Session, { textDocument: { uri }, position }: AtPosition): Hover | null {
  const place = session.placeOf(uri);
  if (!place) return null;
  const offset = place.lines.offsetAt(position);
  const found = isOwnFile(uri)
    ? ownFileHover(session, uri, offset)
    : hoverAt({ ...place, uri, offset, unmet: session.unmet(uri), pages: session.pages, pageUri: session.pageUri });
  return found
    ? { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: toRange(found.span, place.lines) }
    : null;
}

/** The settings file, and files of expectations. */
function isOwnFile(uri: string): boolean {
  return isConfigFile(uri) || isEgressTestName(uri);
}

function ownFileHover(session: Session, uri: string, offset: number): ReturnType<typeof hoverAt> {
  const text = session.texts.textOf(uri) ?? '';
  return isConfigFile(uri)
    ? configHover(text, offset, session.rules, session.pageUri)
    : egressTestHover(text, offset, session.workspaceFor(uri).mesh);
}
