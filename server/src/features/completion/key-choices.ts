// The keys of a map, ready to insert.
import type { FieldPath } from '../../base/field-path.ts';
import { printKey } from '../../yaml/print.ts';
import type { ManifestChoice } from './choice.ts';
import { keyText, type Lead } from './insertion.ts';
import { keysAt, type KeyChoice } from './keys.ts';
import { inQuotes, replacedBy, type Place } from './place.ts';
import { candidatesAt, hasValues } from './values.ts';

export function* keyChoices(place: Place, path: FieldPath, lead: Lead): Generator<ManifestChoice> {
  const { apiVersion, kind, cursor } = place;
  const replace = replacedBy(place, lead);
  for (const choice of keysAt({ ...place, path, beside: cursor.beside })) {
    const { key, detail, isDeprecated } = choice;
    yield {
      label: key,
      kind: 'key',
      detail,
      about: { apiVersion, kind, path: [...path, key] },
      isDeprecated,
      ...texts(choice, lead, place),
      replace,
      continues: !cursor.word.hasColon && (choice.shape !== 'scalar' || hasValues(place, [...path, key])),
    };
  }
  for (const { text: key, detail } of candidatesAt(place.situation, [...path, 'key'], 'key'))
    if (!cursor.beside.includes(key))
      yield {
        label: key,
        kind: 'reference',
        detail,
        ...texts({ key, shape: 'scalar' }, lead, place),
        replace,
        continues: !cursor.word.hasColon,
      };
}

function texts(
  choice: Pick<KeyChoice, 'key' | 'shape'>,
  lead: Lead,
  place: Place,
): Pick<ManifestChoice, 'newText' | 'snippet'> {
  const { cursor, style } = place;
  const { word } = cursor;
  // Between quotes that are there the key is written bare.
  const bare = word.quote !== '';
  if (word.hasColon || bare)
    return { newText: `${lead.text}${inQuotes(bare ? choice.key : printKey(choice.key, style), place)}` };
  const newText = `${lead.text}${keyText(choice, lead.column, style, word.isFlow)}`;
  const inside = /^(.*[[{])([\]}])$/s.exec(newText);
  return inside ? { newText, snippet: `${escaped(inside[1]!)}$0${escaped(inside[2]!)}` } : { newText };
}

/** As snippets write these signs. */
function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
