// What the keys of `.istio-egress.yaml` mean: its schema's own words, so that there is one text of each.
import schema from '../../../../schemas/istio-egress.schema.json' with { type: 'json' };

export interface KeyWords {
  readonly key: string;
  readonly doc: string;
  /** Plain values that it takes; empty where any will do. */
  readonly values: readonly string[];
  /** Whether more keys follow below it, or a list. */
  readonly holds: 'keys' | 'list' | 'value';
}

interface Described {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: { readonly enum?: readonly string[] };
}

const { properties, definitions } = schema;
const versions: readonly string[] = definitions.version.anyOf.flatMap((one) => ('enum' in one ? (one.enum ?? []) : []));

/** Keys beside each other, by the key above them; those of the file itself by the empty name. */
const keysBelow: Readonly<Record<string, readonly KeyWords[]>> = {
  '': keysOf(properties),
  mesh: keysOf(properties.mesh.properties),
  'mesh.pilotEnv': keysOf(properties.mesh.properties.pilotEnv.properties),
  'mesh.discoverySelectors': keysOf(properties.mesh.properties.discoverySelectors.items.properties),
  require: keysOf(properties.require.properties),
  'require.callers': keysOf(properties.require.properties.callers.items.properties),
  'require.exceptions': keysOf(properties.require.properties.exceptions.items.properties),
};

/** The keys that may stand below a path of keys; empty where they are free or none may. */
export function keysAt(path: readonly string[]): readonly KeyWords[] {
  return keysBelow[path.join('.')] ?? [];
}

/** `off: is not reported.` as the schema says it of a rule's level. */
export const levelWords: { readonly doc: string; readonly values: readonly string[] } = {
  doc: properties.severities.additionalProperties.description,
  values: properties.severities.additionalProperties.enum.filter((value) => typeof value === 'string'),
};

export const kindNames: readonly string[] = properties.completeKinds.items.enum;

function keysOf(described: object): readonly KeyWords[] {
  return Object.entries(described as Readonly<Record<string, Described>>).map(([key, one]) => ({
    key,
    doc: one.description ?? '',
    values: valuesOf(key, one),
    holds: holdsOf(one),
  }));
}

function valuesOf(key: string, { enum: choices, type }: Described): readonly string[] {
  if (key === 'istioVersion') return versions.toReversed();
  if (type?.includes('boolean')) return ['true', 'false'];
  return (choices ?? []).filter((value) => typeof value === 'string');
}

function holdsOf({ type = [] }: Described): KeyWords['holds'] {
  if (type.includes('object')) return 'keys';
  return type.includes('array') ? 'list' : 'value';
}

/** The part of a key's words that speaks of one value: "off: is not reported." */
export function docOfValue(doc: string, value: string): string {
  const start = value === '' ? -1 : doc.indexOf(`${value}: `);
  if (start < 0) return '';
  const end = doc.indexOf('. ', start);
  return doc.slice(start + value.length + 2, end < 0 ? undefined : end + 1);
}
