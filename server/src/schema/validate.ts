// The check of one object by itself: its kind, its fields, its values. Only kinds of Istio and the Gateway API are checked.
import type { YamlError, YamlMap, YamlScalar } from '../yaml/node.ts';
import { entryOf } from '../yaml/read.ts';
import { kindOf } from '../model/kind-of.ts';
import { mistypedKeys, type MistypedKey } from '../model/mistyped-keys.ts';
import { checkCombinations } from './combinations/combinations.ts';
import { lookUp, type Lookup, type Name } from './catalogue.ts';
import { withoutConsequences } from './consequences.ts';
import { deprecatedFields } from './deprecated-fields.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { checkIstioLabels, checkMetadata } from './metadata.ts';
import { checkStructure } from './structure.ts';

export type { SchemaFinding } from './findings.ts';

export interface SchemaSettings {
  /** Target minor version, e.g. `1.31`. */
  readonly istioVersion: string;
}

/** `root` is one object: a document's map or an item of its List. */
export function validateResource(root: YamlMap, { istioVersion }: SchemaSettings): readonly SchemaFinding[] {
  const mistyped = mistypedKeys(root);
  if (mistyped.length > 0) return mistyped.map(mistypedKey);
  const apiVersion = text(root, 'apiVersion');
  const kind = text(root, 'kind');
  if (!apiVersion || !kind) return nameless(root, apiVersion, kind, istioVersion);
  const written: Written = {
    apiVersion,
    kind,
    name: { apiVersion: String(apiVersion.value), kind: String(kind.value) },
  };
  const found = lookUp(written.name.apiVersion, written.name.kind, istioVersion);
  if (found.state === 'foreign')
    return kindOf(written.name.apiVersion, written.name.kind) === undefined ? [] : checkIstioLabels(root);
  if (found.state === 'unknown') return [unknownKind(written, found, istioVersion)];
  const { kind: kindName } = written.name;
  const faults = [
    ...checkMetadata(root, kindName, kind, found.schema !== undefined),
    ...(found.schema === undefined
      ? []
      : checkStructure({ root, kind: kindName, kindAt: kind, schema: found.schema, istioVersion })),
  ];
  const own = withoutConsequences(faults, root);
  const together = checkCombinations({ root, apiVersion: written.name.apiVersion, kind: kindName, istioVersion }, own);
  const old = [deprecated(written, found, istioVersion), deprecatedFields(root, kindName)] as const;
  if (own.length + together.length + old[0].length + old[1].length === 0) return noFindings;
  return [...old[0], ...own, ...together, ...old[1]];
}

const noFindings: readonly SchemaFinding[] = [];

/** Syntax errors as findings. */
export function validateErrors(errors: readonly YamlError[]): readonly SchemaFinding[] {
  return errors.map(({ span, message, code }) => finding('invalid-yaml', span, message, { code }));
}

interface Written {
  readonly apiVersion: YamlScalar;
  readonly kind: YamlScalar;
  readonly name: Name;
}

function text(root: YamlMap, key: string): YamlScalar | undefined {
  const value = entryOf(root, key)?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value : undefined;
}

function mistypedKey({ key, expected }: MistypedKey): SchemaFinding {
  const written = String(key.value);
  return finding(
    'mistyped-resource',
    key.span,
    `kubectl rejects this object, and nothing else in it is checked: \`${written}\` is not a field of Kubernetes objects; write \`${expected}\`.`,
    { written, expected },
  );
}

/** Half of a name is enough to know that the other half is missing, where it can only be one of ours. */
function nameless(
  root: YamlMap,
  apiVersion: YamlScalar | undefined,
  kind: YamlScalar | undefined,
  istioVersion: string,
): readonly SchemaFinding[] {
  if (kind && !apiVersion && entryOf(root, 'apiVersion')?.value.kind !== 'map') {
    const expected = lookUp('', String(kind.value), istioVersion);
    if (expected.state !== 'unknown' || expected.nearest?.kind !== kind.value) return [];
    const placeholder = expected.nearest.apiVersion;
    return [
      finding('missing-field', kind.span, `\`apiVersion\` is missing; ${expected.nearest.kind} requires it.`, {
        path: [],
        field: 'apiVersion',
        placeholder,
      }),
    ];
  }
  if (!apiVersion || kind || lookUp(String(apiVersion.value), '', istioVersion).state === 'foreign') return [];
  return [
    finding('missing-field', apiVersion.span, '`kind` is missing.', {
      path: [],
      field: 'kind',
      placeholder: 'ServiceEntry',
    }),
  ];
}

function deprecated(
  { apiVersion, name }: Written,
  { successor, sameShape }: Extract<Lookup, { state: 'known' }>,
  istioVersion: string,
): readonly SchemaFinding[] {
  if (successor === undefined) return [];
  const message = `\`${name.apiVersion}\` is an older version of ${name.kind}; use \`${successor}\` with Istio ${istioVersion}.`;
  return [finding('deprecated-api-version', apiVersion.span, message, { apiVersion: successor, sameShape })];
}

function unknownKind(
  { apiVersion, kind, name }: Written,
  { why, nearest }: Extract<Lookup, { state: 'unknown' }>,
  istioVersion: string,
): SchemaFinding {
  const isKindWrong = why.part === 'kind' && nearest?.kind !== name.kind;
  return finding(
    'unknown-kind',
    (isKindWrong ? kind : apiVersion).span,
    `${sentence(name, why, nearest, istioVersion)}.`,
    { written: name, nearest },
  );
}

function sentence(
  name: Name,
  why: Extract<Lookup, { state: 'unknown' }>['why'],
  nearest: Name | undefined,
  istioVersion: string,
): string {
  const group = name.apiVersion.slice(0, Math.max(0, name.apiVersion.indexOf('/'))) || name.apiVersion;
  switch (why.part) {
    case 'version':
      return `${name.kind} has no version \`${name.apiVersion}\`; ${why.served.length > 0 ? `use ${why.served.join(' or ')}` : 'the target release has no version of it'}`;
    case 'release':
      return `${name.kind} exists as \`${name.apiVersion}\` from Istio ${why.since} on; the target is ${istioVersion}`;
    case 'removed':
      return `The API group \`${group}\` was removed${nearest ? `; use \`${nearest.apiVersion}\` for ${nearest.kind}` : ''}`;
    case 'group':
      return `\`${name.apiVersion}\` has no ${name.kind}${nearest ? `; use \`${nearest.apiVersion}\`` : ''}`;
    case 'kind':
      return `\`${name.apiVersion}\` has no kind \`${name.kind}\`${kindHint(name, nearest)}`;
  }
}

function kindHint(name: Name, nearest: Name | undefined): string {
  if (!nearest) return '';
  if (nearest.kind === name.kind) return `; use \`${nearest.apiVersion}\``;
  return `; the most similar name is \`${nearest.kind}\``;
}
