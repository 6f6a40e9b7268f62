import { MarkupKind, type Hover, type HoverParams } from 'vscode-languageserver';
import { hoverAt } from '../../features/hover.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function hover(session: Session, { textDocument: { uri }, position }: HoverParams): Hover | null {
  const place = session.placeOf(uri);
  if (!place) return null;
  const found = hoverAt({ ...place, uri, offset: place.lines.offsetAt(position), pages: session.pages, pageUri: session.pageUri });
  return found ? { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: toRange(found.span, place.lines) } : null;
}
