import type { Location, LocationLink } from 'vscode-languageserver';
import { definitionAt } from '../../features/navigation/definition.ts';
import { typeDefinitionAt } from '../../features/navigation/type-definition.ts';
import { placesIn } from '../../engine/places.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function definition(session: Session, params: AtPosition): LocationLink[] | Location[] {
  return leadsTo(session, params, definitionAt);
}

export function typeDefinition(session: Session, params: AtPosition): LocationLink[] | Location[] {
  return leadsTo(session, params, typeDefinitionAt);
}

/** Nobody looks through more. */
const mostTargets = 500;

function leadsTo(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
  answerAt: typeof definitionAt,
): LocationLink[] | Location[] {
  const place = session.placeOf(uri);
  if (!place) return [];
  const found = answerAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!found) return [];
  const placed = placesIn(place.workspace, session.sources);
  const count = found.declarations.length;
  if (count > mostTargets)
    session.tell(`Istio Egress: ${count} places are the target of this name; the first ${mostTargets} are shown.`);
  const targets = found.declarations.slice(0, mostTargets).map(({ resource, at }) => placed(resource, at));
  if (!session.editor.links) return targets.map(({ uri: target, range }) => ({ uri: target, range }));
  const originSelectionRange = toRange(found.origin, place.lines);
  return targets.map(({ uri: targetUri, range }) => ({
    originSelectionRange,
    targetUri,
    targetRange: range,
    targetSelectionRange: range,
  }));
}
