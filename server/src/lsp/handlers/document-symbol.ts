import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver';
import { documentSymbols, type DocumentSymbolItem } from '../../features/symbols.ts';
import type { LineIndex } from '../../base/line-index.ts';
import type { InDocument } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

const kinds: Readonly<Record<DocumentSymbolItem['kind'], SymbolKind>> = {
  resource: SymbolKind.Object,
  host: SymbolKind.Interface,
  port: SymbolKind.Number,
  listener: SymbolKind.Event,
  rule: SymbolKind.Key,
};

export function documentSymbol(session: Session, { textDocument: { uri } }: InDocument): DocumentSymbol[] {
  const place = session.placeOf(uri);
  return place ? documentSymbols(place.workspace, uri).map((item) => toSymbol(item, place.lines)) : [];
}

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
