import {
  FoldingRangeKind,
  SemanticTokensBuilder,
  type DocumentLink,
  type FoldingRange,
  type SelectionRange,
  type SemanticTokens,
  type TextEdit,
} from 'vscode-languageserver';
import { eachInSteps } from '../../base/steps.ts';
import { dashAfterEnter } from '../../features/completion/dash-after-enter.ts';
import { documentLinks } from '../../features/document-links.ts';
import { foldingSpansInSteps, selectionSpans } from '../../features/folding.ts';
import { semanticTokensInSteps, tokenModifiers, tokenTypes } from '../../features/semantic-tokens.ts';
import type { Answer } from '../handler.ts';
import { answerAboutText } from '../long-answer.ts';
import type { InDocument, OnTypeRequest, SelectionRangeRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange, toTextEdit } from '../to-lsp.ts';

export const foldingRange: Answer<InDocument, FoldingRange[]> = (session, { textDocument: { uri } }, token) => {
  const place = session.placeOf(uri);
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  return answerAboutText(session, { uri, token }, () =>
    foldingSpansInSteps(text, ({ span, isComment }): FoldingRange => {
      const { start, end } = toRange(span, place.lines);
      return { startLine: start.line, endLine: end.line, ...(isComment ? { kind: FoldingRangeKind.Comment } : {}) };
    }),
  );
};

export function selectionRange(
  session: Session,
  { textDocument: { uri }, positions }: SelectionRangeRequest,
): SelectionRange[] {
  const place = session.placeOf(uri);
  const text = session.texts.textOf(uri) ?? '';
  if (!place) return [];
  return positions.map((position) => {
    const ranges = selectionSpans(text, place.lines.offsetAt(position)).map((span) => toRange(span, place.lines));
    const nested = ranges.reduceRight<SelectionRange | undefined>(
      (parent, range) => (parent ? { range, parent } : { range }),
      undefined,
    );
    return nested ?? { range: { start: position, end: position } };
  });
}

/** What an editor is sent is written in one step, and nobody follows more links of a file. */
const mostLinks = 10_000;

export const documentLink: Answer<InDocument, DocumentLink[]> = (session, { textDocument: { uri } }, token) => {
  const place = session.placeOf(uri);
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  return answerAboutText(session, { uri, token }, function* () {
    const found: DocumentLink[] = [];
    for (const { span, to } of documentLinks(uri, text, (id) => session.pages.has(id))) {
      yield;
      const target = 'rule' in to ? session.pageUri(to.rule) : fileBeside(session, uri, to.path);
      if (target === undefined) continue;
      if (found.length === mostLinks) {
        session.note(`More than ${mostLinks} texts in ${uri} lead to a file or a rule: the first ones are links.`);
        break;
      }
      found.push({ range: toRange(span, place.lines), target });
    }
    return found;
  });
};

/** A folder leads to its kustomization. */
function fileBeside(session: Session, uri: string, path: string): string | undefined {
  const target = new URL(path, uri).href;
  const inside = ['kustomization.yaml', 'kustomization.yml'].map((name) => `${target.replace(/\/$/, '')}/${name}`);
  return [target, ...inside].find((one) => session.texts.textOf(one) !== undefined);
}

export const semanticTokens: Answer<InDocument, SemanticTokens> = (session, { textDocument: { uri } }, token) => {
  const place = session.placeOf(uri);
  const builder = new SemanticTokensBuilder();
  if (!place) return builder.build();
  return answerAboutText(session, { uri, token }, function* () {
    yield* eachInSteps(yield* semanticTokensInSteps({ ...place, uri }), ({ span, type, modifiers }) => {
      const { start } = toRange(span, place.lines);
      const bits = modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
      builder.push(start.line, start.character, span.end - span.start, tokenTypes.indexOf(type), bits);
    });
    return builder.build();
  });
};

export function onTypeFormatting(session: Session, { textDocument: { uri }, position }: OnTypeRequest): TextEdit[] {
  const place = session.placeOf(uri);
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  return dashAfterEnter(text, place.lines.offsetAt(position)).map((edit) => toTextEdit(edit, place.lines));
}
