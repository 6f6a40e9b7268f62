// Fields that the API still takes and that another one took the place of.
import type { FieldPath } from '../base/field-path.ts';
import type { YamlMap, YamlNode, YamlScalar } from '../yaml/node.ts';
import { entryOf } from '../yaml/read.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { pathText } from './value-wording.ts';

interface Deprecated {
  readonly kinds: readonly string[];
  /** `*` means each item of a list. */
  readonly path: readonly string[];
  readonly instead: string;
  /** Set if the new field is a sibling of the old one and gets its value, in a list if `wrapped`. */
  readonly replacement?: string;
}

const policies = ['', 'subsets.*.'].flatMap((start) =>
  ['trafficPolicy.', 'trafficPolicy.portLevelSettings.*.'].map((policy) => `${start}${policy}`),
);

/** istio.io/api: what is marked `deprecated` in networking/v1alpha3 and type/v1beta1. */
const fields: readonly Deprecated[] = [
  {
    kinds: ['AuthorizationPolicy', 'Telemetry', 'RequestAuthentication', 'WasmPlugin'],
    path: ['targetRef'],
    instead: '`targetRefs`',
    replacement: 'targetRefs',
  },
  ...policies.map(
    (policy): Deprecated => ({
      kinds: ['DestinationRule'],
      path: `${policy}outlierDetection.consecutiveErrors`.split('.'),
      instead: '`consecutive5xxErrors` or `consecutiveGatewayErrors`',
      replacement: 'consecutive5xxErrors',
    }),
  ),
  ...policies.map(
    (policy): Deprecated => ({
      kinds: ['DestinationRule'],
      path: `${policy}loadBalancer.warmupDurationSecs`.split('.'),
      instead: '`warmup.duration`',
    }),
  ),
  { kinds: ['VirtualService'], path: ['http', '*', 'fault', 'delay', 'percent'], instead: '`percentage`' },
  { kinds: ['VirtualService'], path: ['http', '*', 'mirrorPercent'], instead: '`mirrorPercentage`' },
  { kinds: ['VirtualService'], path: ['http', '*', 'mirror_percent'], instead: '`mirrorPercentage`' },
  { kinds: ['VirtualService'], path: ['http', '*', 'corsPolicy', 'allowOrigin'], instead: '`allowOrigins`' },
];

const byKind = new Map<string, readonly Deprecated[]>();

function fieldsOf(kind: string): readonly Deprecated[] {
  if (!kindsWithFields.has(kind)) return [];
  const known = byKind.get(kind) ?? fields.filter(({ kinds }) => kinds.includes(kind));
  byKind.set(kind, known);
  return known;
}

const kindsWithFields: ReadonlySet<string> = new Set(fields.flatMap(({ kinds }) => kinds));

export function deprecatedFields(root: YamlMap, kind: string): readonly SchemaFinding[] {
  const spec = entryOf(root, 'spec')?.value;
  const known = fieldsOf(kind);
  if (known.length === 0 || !spec) return [];
  const found: SchemaFinding[] = [];
  for (const { path, instead, replacement } of known)
    walk(spec, path, ['spec'], (key, at) => {
      const message = `\`${pathText(at)}\` is deprecated: use ${instead} instead.`;
      found.push(finding('deprecated-field', key.span, message, { path: at, replacement }));
    });
  return found;
}

/** Tells of each field that the rest of a path leads to from a node, which stands at `at`. */
function walk(
  node: YamlNode,
  path: readonly string[],
  at: FieldPath,
  tell: (key: YamlScalar, at: FieldPath) => void,
): void {
  const step = path[at.length - 1]!;
  if (step === '*') {
    if (node.kind === 'seq') node.items.forEach((item, i) => walk(item, path, [...at, i], tell));
    return;
  }
  const entry = entryOf(node, step);
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) return;
  if (at.length === path.length) tell(entry.key, [...at, step]);
  else walk(entry.value, path, [...at, step], tell);
}

/** The replacement of a field, for completion; `place` is the path of names, without items. */
export function deprecatedInstead(kind: string, place: string, key: string): string | undefined {
  const path = `${place}.${key}`;
  return fields.find(
    (field) => field.kinds.includes(kind) && `spec.${field.path.filter((step) => step !== '*').join('.')}` === path,
  )?.instead;
}
