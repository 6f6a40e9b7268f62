// The values of a field, ready to insert, with what belongs beside them.
import type { FieldPath } from '../../base/field-path.ts';
import type { Candidate } from '../../references/forms/form.ts';
import { textAt } from '../../references/situation.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { lineStart } from '../../yaml/lines.ts';
import { printFlow, printKey } from '../../yaml/print.ts';
import { asString, at } from '../../yaml/read.ts';
import type { ManifestChoice } from './choice.ts';
import { itemText, valueText, type Lead } from './insertion.ts';
import { inQuotes, replacedBy, typeAt, type Place } from './place.ts';
import { candidatesAt, valuesAt } from './values.ts';

export function* valueChoices(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const { style, cursor } = place;
  const type = typeAt(place, path);
  const space = cursor.word.lacksSpace && lead.text === '' ? ' ' : '';
  const listed = otherItems(place, path);
  for (const value of valuesAt({ ...place, path })) {
    const { text, isReference, beside } = value;
    if (listed.has(text)) continue;
    const written = cursor.word.quote === '' ? valueText(text, type, style) : text;
    yield {
      label: text,
      kind: isReference ? 'reference' : 'value',
      detail: detailOf(value),
      newText: `${lead.text}${space}${inQuotes(written, place)}`,
      replace: replacedBy(place, lead),
      ...(beside && cursor.is === 'value' && !cursor.word.isFlow ? { also: besideEdits(place, path, beside) } : {}),
    };
  }
}

/** References whole: name, kind and group together. */
export function* wholeItems(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  if (place.cursor.word.isFlow) return;
  for (const candidate of candidatesAt(place.situation, [...path, 'name'], 'value')) {
    const { text, beside } = candidate;
    if (!beside) continue;
    yield {
      label: text,
      kind: 'reference',
      detail: detailOf(candidate),
      newText: `${lead.text}${itemText({ ...beside, name: text }, lead.column, place.style)}`,
      replace: replacedBy(place, lead),
    };
  }
}

/** What only the cluster has is marked: the files may be meant to bring it. */
function detailOf({ detail, uri }: Candidate): string {
  return uri !== undefined && isClusterUri(uri) ? `${detail} (cluster)` : detail;
}

/** What the list has already. */
function otherItems({ cursor: { root } }: Place, path: FieldPath): ReadonlySet<string> {
  const own = path.at(-1);
  const list = typeof own === 'number' ? at(root, path.slice(0, -1)) : undefined;
  return list?.kind === 'seq'
    ? new Set(list.items.flatMap((item, i) => (i === own ? [] : (asString(item) ?? []))))
    : new Set();
}

/** Fields that belong to the value, on lines before its own, where they are not there. */
function besideEdits(
  { cursor, text, style }: Place,
  path: FieldPath,
  beside: NonNullable<Candidate['beside']>,
): NonNullable<ManifestChoice['also']> {
  const missing = Object.entries(beside).filter(
    ([key]) => textAt(cursor.root, [...path.slice(0, -1), key]) === undefined,
  );
  if (missing.length === 0) return [];
  const start = lineStart(text, cursor.replace.start) + cursor.word.column;
  const lines = missing.map(([key, value]) => `${printKey(key, style)}: ${printFlow(value, style)}${style.newline}`);
  const indent = ' '.repeat(cursor.word.column);
  return [{ span: { start, end: start }, newText: lines.join(indent) + indent }];
}
