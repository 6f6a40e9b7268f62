// What the keys of a file of expectations mean: the schema's own words, so that there is one text of each.
import schema from '../../../../schemas/egress-test.schema.json' with { type: 'json' };

export interface KeyWords {
  readonly key: string;
  readonly doc: string;
  readonly required: boolean;
}

const { properties, required } = schema.items;
const requestForm = properties.request.oneOf[1]!;

/** Keys of a case, in their usual order. */
export const caseKeys: readonly KeyWords[] = keysOf(properties, required);

/** Keys of a request that is more than a URL. */
export const requestKeys: readonly KeyWords[] = keysOf(
  { ...requestForm.properties, url: schema.definitions.url },
  requestForm.required ?? [],
);

export const methods: readonly string[] = requestForm.properties?.method.examples ?? [];

function keysOf(
  described: Readonly<Record<string, { readonly description?: string }>>,
  needed: readonly string[],
): readonly KeyWords[] {
  return Object.entries(described).map(([key, { description = '' }]) => ({
    key,
    doc: description,
    required: needed.includes(key),
  }));
}

/** The part of a key's words that speaks of one value: "allowed: it reaches …". */
export function docOfValue(key: string, value: string): string {
  const doc = caseKeys.find((one) => one.key === key)?.doc ?? '';
  const start = doc.indexOf(`${value}: `);
  if (start < 0) return '';
  const end = doc.indexOf('. ', start);
  return doc.slice(start + value.length + 2, end < 0 ? undefined : end + 1);
}
