import type { Location, LocationLink } from 'vscode-languageserver';
import { definitionAt } from '../../features/navigation/definition.ts';
import { placesIn } from '../../engine/places.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function definition(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): LocationLink[] | Location[] {
  const place = session.placeOf(uri);
  if (!place) return [];
  const found = definitionAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!found) return [];
  const placed = placesIn(place.workspace, session.sources);
  const targets = found.declarations.map(({ resource, at }) => placed(resource, at));
  if (!session.editor.links) return targets.map(({ uri: target, range }) => ({ uri: target, range }));
  const originSelectionRange = toRange(found.origin, place.lines);
  return targets.map(({ uri: targetUri, range }) => ({
    originSelectionRange,
    targetUri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}
