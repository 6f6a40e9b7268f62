// What helm would fetch to check a chart's values: a schema may be put together from others, and be written in a language of its own.

/** What helm has built in. jsonschema@v6.0.2 draft.go draftFromURL. */
const builtIn = /^https?:\/\/json-schema\.org\/(?:schema|draft\/(?:2020-12|2019-09)\/schema|draft-0[467]\/schema)#?$/;

const references: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef', '$id']);

/** An address, or a name that becomes one behind an address. */
const isElsewhere = (reference: string) => /:|^[/\\]{2}/.test(reference.replace(/#.*/s, ''));

/** Strings by the names that they are under, wherever they are: what is data and what is schema depends on the language. */
function* stringsIn(value: unknown): Generator<readonly [name: string, text: string]> {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one !== 'object' || one === null) continue;
    for (const [name, inside] of Object.entries(one))
      if (typeof inside === 'string') yield [name, inside];
      else left.push(inside);
  }
}

/** The first address, in a text that is not JSON whatever may be one; undefined where helm fetches nothing. */
export function remoteSchemaIn(text: string): string | undefined {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    return /:\/\/|\\/.test(text) ? 'what a schema with errors may name' : undefined;
  }
  let base: string | undefined;
  let hasRelative = false;
  for (const [name, reference] of stringsIn(schema)) {
    if (name === '$schema' && isElsewhere(reference) && !builtIn.test(reference)) return reference;
    if (references.has(name) && isElsewhere(reference)) return reference;
    // In draft 4 what stands behind names without an address.
    if (name === 'id' && isElsewhere(reference)) base ??= reference;
    hasRelative ||= references.has(name) && !reference.startsWith('#');
  }
  return hasRelative ? base : undefined;
}
