import type { CodeLens } from 'vscode-languageserver';
import { lensesIn, lensTitle, type LensSubject } from '../../features/code-lens.ts';
import type { EditEffect } from '../../features/difference/edit-effect.ts';
import { effectSentence } from '../../features/difference/effect.ts';
import { editEffectIn } from '../edit-effect-in.ts';
import type { Answer } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import { object, readIfValid, text } from '../protocol/read.ts';
import type { InDocument, CodeLensRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

interface LensData extends LensSubject {
  readonly uri: string;
}

const lensData = object<LensData>({ uri: text, kind: text, namespace: text, name: text });

/** Places only; for files that an editor has open, as no one sees the others. */
export const codeLens: Answer<InDocument, CodeLens[]> = (session, { textDocument: { uri } }, token) =>
  longAnswer(session, token, () => lensesOf(session, uri));

function* lensesOf(session: Session, uri: string): Generator<undefined, CodeLens[]> {
  const place = isShown(session, uri) ? session.placeOf(uri) : undefined;
  if (!place) return [];
  const facts = lensesIn(place.workspace, uri).map(
    ({ span, subject }): CodeLens => ({
      range: toRange(span, place.lines),
      data: { uri, ...subject } satisfies LensData,
    }),
  );
  const effect = yield* editEffectIn(session, uri);
  return effect ? [effectLens(effect, toRange(effect.span, place.lines)), ...facts] : facts;
}

/** More effects are in the comparison that the status bar opens. */
const mostEffects = 2;

function effectLens({ effects }: EditEffect, range: CodeLens['range']): CodeLens {
  return { range, command: { title: `This edit ${effectSentence(effects, mostEffects)}`, command: '' } };
}

/** A title without a command: there is nothing to run in an editor that knows no commands of ours. */
export function resolveCodeLens(session: Session, lens: CodeLensRequest): CodeLens {
  const data = readIfValid(lensData, lens.data);
  const place = data && isShown(session, data.uri) ? session.placeOf(data.uri) : undefined;
  const title = (data && place && lensTitle(place.workspace, data.uri, data)) ?? '';
  return { ...lens, command: { title, command: '' } };
}

function isShown(session: Session, uri: string): boolean {
  return session.client.codeLens?.enabled !== false && !session.isReading && session.texts.isOpen(uri);
}
