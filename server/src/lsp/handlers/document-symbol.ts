import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
import { documentSymbolsInSteps, type DocumentSymbolItem } from '../../features/symbols.ts';
import type { LineIndex } from '../../base/line-index.ts';
import type { Answer } from '../handler.ts';
import { answerAboutText } from '../long-answer.ts';
import type { InDocument } from '../protocol/standard.ts';
import { toRange } from '../to-lsp.ts';

const kinds: Readonly<Record<DocumentSymbolItem['kind'], SymbolKind>> = {
  resource: SymbolKind.Object,
  host: SymbolKind.Interface,
  port: SymbolKind.Number,
  listener: SymbolKind.Event,
  rule: SymbolKind.Key,
};

export const documentSymbol: Answer<InDocument, DocumentSymbol[]> = (session, { textDocument: { uri } }, token) => {
  const place = session.placeOf(uri);
  if (!place) return [];
  return answerAboutText(session, { uri, token }, function* () {
    const found: DocumentSymbol[] = [];
    for (const item of yield* documentSymbolsInSteps(place.workspace, uri)) {
      found.push(toSymbol(item, place.lines));
      yield;
    }
    return found;
  });
};

function toSymbol(item: DocumentSymbolItem, lines: LineIndex): DocumentSymbol {
  return {
    name: item.name,
    detail: item.detail,
    kind: kinds[item.kind],
    range: toRange(item.span, lines),
    selectionRange: toRange(item.selection, lines),
    children: item.children.map((child) => toSymbol(child, lines)),
  };
}
