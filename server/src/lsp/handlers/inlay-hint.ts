import type { InlayHint } from 'vscode-languageserver';
import { inlayHintsIn } from '../../features/inlay-hints.ts';
import type { InRange } from '../protocol/standard.ts';
import type { Session } from '../session.ts';

export function inlayHint(session: Session, { textDocument: { uri }, range }: InRange): InlayHint[] {
  const wanted = session.client.inlayHints?.enabled !== false && !session.isReading && session.texts.isOpen(uri);
  const place = wanted ? session.placeOf(uri) : undefined;
  if (!place) return [];
  const { workspace, lines } = place;
  const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
  return inlayHintsIn(workspace, uri, span).map(
    ({ offset, label, tooltip }): InlayHint => ({
      position: lines.positionAt(offset),
      label,
      tooltip,
      paddingLeft: true,
    }),
  );
}
