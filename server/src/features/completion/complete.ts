// What can be written at a place of a manifest.
import { lineStart } from '../../yaml/lines.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { isClusterScoped, kindOf } from '../../model/kind-of.ts';
import type { Candidate } from '../../references/forms/form.ts';
import { textAt, type Situation } from '../../references/situation.ts';
import { describeField } from '../../schema/describe.ts';
import { printKey, printFlow } from '../../yaml/print.ts';
import type { Style } from '../../yaml/style.ts';
import { noChoices, type ManifestChoice, type ManifestChoices } from './choice.ts';
import { itemText, keyText, leadBelow, leadDash, noLead, valueText, type Lead } from './insertion.ts';
import { keysAt } from './keys.ts';
import { manifestCursor, type ManifestCursor } from './manifest-cursor.ts';
import { candidatesAt, valuesAt } from './values.ts';

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
  if (cursor === undefined || cursor.is === 'start') return noChoices;
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

interface Place {
  readonly cursor: ManifestCursor;
  readonly text: string;
  readonly style: Style;
  readonly apiVersion: string;
  readonly kind: string;
  readonly situation: Situation | undefined;
  readonly istioVersion: string;
}

function situationOf(cursor: ManifestCursor, workspace: Workspace, uri: string): Situation | undefined {
  const { root, apiVersion = '', kind: written = '' } = cursor;
  const kind = kindOf(apiVersion, written);
  if (kind === undefined) return undefined;
  const facts = workspace.facts(uri);
  const home = facts.namespace ?? textAt(root, ['metadata', 'namespace']) ?? facts.defaultNamespace;
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
    if (shape === 'scalar') return yield* values(place, path, noLead(word.column));
    if (word.isFlow || word.typed !== '') return;
    const lead = leadBelow(shape, word.column, place.style);
    return yield* inside(place, isList ? [...path, 0] : path, lead);
  }
  if (isList && !inItem)
    return word.isFlow ? undefined : yield* inside(place, [...path, 0], leadDash(word.column, place.style));
  yield* inside(place, path, noLead(word.column));
}

/** In a map or item: its keys, or the value that an item is. */
function* inside(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const type = typeAt(place, path);
  if (path.length > 0 && shapeOf(type) === 'scalar') return yield* values(place, path, lead);
  if (place.cursor.beside.length === 0 && typeof path.at(-1) === 'number') yield* wholeItems(place, path, lead);
  yield* keys(place, path, lead);
}

function typeAt({ apiVersion, kind }: Place, path: FieldPath): string {
  return path.length === 0 ? 'map' : (describeField(apiVersion, kind, path)?.type ?? 'any');
}

function shapeOf(type: string): 'scalar' | 'map' | 'list of scalars' | 'list of maps' {
  if (type === 'list of maps') return type;
  if (type.startsWith('list')) return 'list of scalars';
  return type.startsWith('map') ? 'map' : 'scalar';
}

function* keys(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const { cursor, style } = place;
  const { beside, word, replace } = cursor;
  const start = { replace: lead.text.startsWith('\n') || lead.text.startsWith('\r') ? fromColon(place) : replace };
  for (const choice of keysAt({ ...place, path, beside })) {
    const { key, detail, doc, isDeprecated } = choice;
    const text = word.hasColon ? printKey(key, style) : keyText(choice, lead.column, style, word.isFlow);
    yield {
      ...start,
      label: key,
      kind: 'key',
      detail,
      doc,
      isDeprecated,
      newText: `${lead.text}${inQuotes(text, place)}`,
    };
  }
  for (const { text: key, detail } of candidatesAt(place.situation, [...path, 'key'], 'key'))
    if (!beside.includes(key))
      yield {
        ...start,
        label: key,
        kind: 'reference',
        detail,
        doc: '',
        newText: `${lead.text}${printKey(key, style)}: `,
      };
}

function* values(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const { style, cursor } = place;
  const type = typeAt(place, path);
  const replace = /^[\r\n]/.test(lead.text) ? fromColon(place) : cursor.replace;
  const space = cursor.word.lacksSpace && lead.text === '' ? ' ' : '';
  for (const { text, detail, isReference, beside } of valuesAt({ ...place, path }))
    yield {
      label: text,
      kind: isReference ? 'reference' : 'value',
      detail,
      doc: '',
      newText: `${lead.text}${space}${inQuotes(cursor.word.quote === '' ? valueText(text, type, style) : text, place)}`,
      replace,
      ...(beside && cursor.is === 'value' && !cursor.word.isFlow ? { also: besideEdits(place, path, beside) } : {}),
    };
}

/** References whole: name, kind and group together. */
function* wholeItems(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  if (place.cursor.word.isFlow) return;
  for (const { text, detail, beside } of candidatesAt(place.situation, [...path, 'name'], 'value')) {
    if (!beside) continue;
    yield {
      label: text,
      kind: 'reference',
      detail,
      doc: '',
      newText: `${lead.text}${itemText({ ...beside, name: text }, lead.column, place.style)}`,
      replace: /^[\r\n]/.test(lead.text) ? fromColon(place) : place.cursor.replace,
    };
  }
}

/** Group and kind before a name that is being written, where they are not there. */
function besideEdits(
  { cursor, text, style }: Place,
  path: FieldPath,
  beside: NonNullable<Candidate['beside']>,
): NonNullable<ManifestChoice['also']> {
  const missing = Object.entries(beside).filter(
    ([key]) => textAt(cursor.root, [...path.slice(0, -1), key]) === undefined,
  );
  if (missing.length === 0) return [];
  const at = lineStart(text, cursor.replace.start) + cursor.word.column;
  const lines = missing.map(([key, value]) => `${key}: ${printFlow(value, style)}${style.newline}`);
  return [
    {
      span: { start: at, end: at },
      newText: lines.join(' '.repeat(cursor.word.column)) + ' '.repeat(cursor.word.column),
    },
  ];
}

/** White space behind the colon goes where the value is put below it. */
function fromColon({ text, cursor: { replace } }: Place): ManifestChoice['replace'] {
  let { start } = replace;
  while (text[start - 1] === ' ') start--;
  return { ...replace, start };
}

/** A quote that is open is closed. */
function inQuotes(text: string, { cursor: { word, replace }, text: file }: Place): string {
  return word.quote !== '' && file[replace.end] !== word.quote ? `${text}${word.quote}` : text;
}

/** Where there are more than anyone reads, those that the typed letters fit. */
function limited(all: Iterable<ManifestChoice>, typed: string): ManifestChoices {
  const choices: ManifestChoice[] = [];
  const seen = new Set<string>();
  const letters = typed.toLowerCase();
  for (const choice of all) {
    const key = `${choice.kind === 'key' ? 'key' : 'value'} ${choice.label} ${choice.kind === 'value' ? '' : choice.newText}`;
    if (seen.has(key) || !hasLetters(choice.label.toLowerCase(), letters)) continue;
    seen.add(key);
    choices.push(choice);
    if (choices.length >= most) return { choices, isIncomplete: true };
  }
  return { choices, isIncomplete: false };
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
