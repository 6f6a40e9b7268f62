import type { InlayHint } from 'vscode-languageserver';
import { inlayHintsInSteps } from '../../features/inlay-hints.ts';
import type { Answer } from '../handler.ts';
import { answerAboutText } from '../long-answer.ts';
import type { InRange } from '../protocol/standard.ts';

export const inlayHint: Answer<InRange, InlayHint[]> = (session, { textDocument: { uri }, range }, token) => {
  const wanted = session.client.inlayHints?.enabled !== false && !session.isReading && session.texts.isOpen(uri);
  const place = wanted ? session.placeOf(uri) : undefined;
  if (!place) return [];
  const { workspace, lines } = place;
  const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
  return answerAboutText(session, { uri, token }, function* () {
    const hints = yield* inlayHintsInSteps(workspace, uri, span);
    return hints.map(
      ({ offset, label, tooltip }): InlayHint => ({
        position: lines.positionAt(offset),
        label,
        tooltip,
        paddingLeft: true,
      }),
    );
  });
};
