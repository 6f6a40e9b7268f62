// What can be written at a place of a manifest.
import type { FieldPath } from '../../base/field-path.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { isClusterScoped, kindOf } from '../../model/kind-of.ts';
import { textAt, type Situation } from '../../references/situation.ts';
import { noChoices, type ManifestChoice, type ManifestChoices } from './choice.ts';
import { leadBelow, leadDash, noLead, type Lead } from './insertion.ts';
import { keyChoices } from './key-choices.ts';
import { manifestCursor, standIn, type ManifestCursor } from './manifest-cursor.ts';
import { typeAt, type Place } from './place.ts';
import { shapeOf } from './shape.ts';
import { valueChoices, wholeItems } from './value-choices.ts';
import { wholeResources } from './whole-resources.ts';

export interface Asked {
  readonly workspace: Workspace;
  readonly uri: string;
  /** Of the file. */
  readonly text: string;
  readonly offset: number;
}

/** The longest list of candidates. */
const most = 200;

export function manifestChoices({ workspace, uri, text, offset }: Asked): ManifestChoices {
  const cursor = manifestCursor(text, offset);
  if (cursor === undefined) return noChoices;
  if (cursor.is === 'start') {
    const { start, end } = cursor.replace;
    return limited(wholeResources(workspace, uri, text, cursor.replace), text.slice(start, end));
  }
  const place: Place = {
    cursor,
    text,
    style: cursor.style,
    apiVersion: cursor.apiVersion ?? '',
    kind: cursor.kind ?? '',
    situation: situationOf(cursor, workspace, uri),
    istioVersion: workspace.mesh.settings.istioVersion,
  };
  return limited(choicesAt(place), cursor.word.typed);
}

function situationOf(cursor: ManifestCursor, workspace: Workspace, uri: string): Situation | undefined {
  const { root } = cursor;
  const kind = kindOf(cursor.apiVersion ?? '', cursor.kind ?? '');
  if (kind === undefined) return undefined;
  const facts = workspace.facts(uri);
  const written = textAt(root, ['metadata', 'namespace']);
  const home = facts.namespace ?? (written === standIn ? undefined : written) ?? facts.defaultNamespace;
  return {
    mesh: workspace.writtenMesh,
    kind,
    namespace: isClusterScoped(kind) ? '' : (home ?? workspace.settings.defaultNamespace),
    name: textAt(root, ['metadata', 'name']) ?? '',
    root,
  };
}

function* choicesAt(place: Place): Generator<ManifestChoice> {
  const { path, is, word, inItem } = place.cursor;
  const type = typeAt(place, path);
  const isList = type.startsWith('list');
  const shape = shapeOf(type);
  if (is === 'value') {
    if (shape === 'scalar') return yield* valueChoices(place, path, noLead(word.column));
    if (word.isFlow || word.typed !== '' || hasBlockBelow(place)) return;
    const lead = leadBelow(shape, word.column, place.style);
    return yield* inside(place, isList ? [...path, 0] : path, lead);
  }
  if (isList && !inItem)
    return word.isFlow ? undefined : yield* inside(place, [...path, 0], leadDash(word.column, place.style));
  yield* inside(place, path, word.lacksSpace ? { text: ' ', column: word.column } : noLead(word.column));
}

/** What the key holds is on the next lines already. */
function hasBlockBelow({ text, cursor: { replace, word } }: Place): boolean {
  const below = /^[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)(- |-\r?\n)?(?=\S)/.exec(text.slice(replace.end));
  return (
    below !== null && (below[1]!.length > word.column || (below[2] !== undefined && below[1]!.length === word.column))
  );
}

/** In a map or item: its keys, or the value that an item is. */
function* inside(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const type = typeAt(place, path);
  if (path.length > 0 && shapeOf(type) === 'scalar') return yield* valueChoices(place, path, lead);
  if (place.cursor.beside.length === 0 && typeof path.at(-1) === 'number') yield* wholeItems(place, path, lead);
  yield* keyChoices(place, path, lead);
}

/** Where there are more than anyone reads, those that the typed letters fit. */
function limited(all: Iterable<ManifestChoice>, typed: string): ManifestChoices {
  const choices: ManifestChoice[] = [];
  const seen = new Set<string>();
  const letters = typed.toLowerCase();
  for (const choice of all) {
    const key = `${choice.kind === 'key' ? 'key' : 'value'} ${choice.label} ${choice.kind === 'value' ? '' : choice.newText}`;
    if (seen.has(key) || !hasLetters((choice.filter ?? choice.label).toLowerCase(), letters)) continue;
    seen.add(key);
    choices.push(choice);
    if (choices.length >= most) return { choices: nearFirst(choices, letters), isIncomplete: true };
  }
  return { choices: nearFirst(choices, letters), isIncomplete: false };
}

/** What has the letters side by side before what has them scattered. */
function nearFirst(choices: readonly ManifestChoice[], letters: string): readonly ManifestChoice[] {
  const isNear = ({ label }: ManifestChoice): boolean => label.toLowerCase().includes(letters);
  return [...choices.filter(isNear), ...choices.filter((choice) => !isNear(choice))];
}

/** In their order, as editors compare. */
function hasLetters(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
