// What is wrong with one value: its type, or what it says.
import { nearest } from '../base/nearest.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { YamlNode } from '../yaml/node.ts';
import { apiScalar } from './api-value.ts';
import { isNewer } from './catalogue.ts';
import { finding, type FindingOf, type WantedType } from './findings.ts';
import type { SchemaNode } from './schema-node.ts';
import { formText, pathText, quoted, typeText, valueText } from './value-wording.ts';

export function invalidType(path: FieldPath, node: YamlNode, wanted: SchemaNode): FindingOf<'invalid-type'> {
  const type: WantedType = wanted['x-kubernetes-int-or-string'] ? 'int-or-string' : (wanted.type ?? 'object');
  const message = `\`${pathText(path)}\` must be ${typeText(type)}, not ${valueText(node)}.`;
  const found = finding('invalid-type', node.span, message, { path, wanted: type });
  // Kustomize reads and writes such words as strings, so what reaches the API server depends on the way there.
  return isOldWord(node) && type === 'string' ? { ...found, severity: 'warning' } : found;
}

function isOldWord(node: YamlNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && typeof apiScalar(node) !== 'string';
}

/** `istioVersion` is undefined where values of later releases are not held against the target. */
export function invalidValue(
  path: FieldPath,
  node: YamlNode,
  wanted: SchemaNode,
  keyword: string,
  istioVersion: string | undefined,
): FindingOf<'invalid-value'> {
  const { reason, suggestion } = explain(node, wanted, keyword, istioVersion);
  return finding('invalid-value', node.span, `\`${pathText(path)}\` ${reason}.`, { path, nearest: suggestion });
}

interface Explanation {
  readonly reason: string;
  readonly suggestion: string | number | undefined;
}

function explain(node: YamlNode, wanted: SchemaNode, keyword: string, istioVersion: string | undefined): Explanation {
  const value = node.kind === 'scalar' ? apiScalar(node) : undefined;
  if (keyword === 'enum') return fromEnum(value, wanted, istioVersion);
  if (keyword === 'pattern' && typeof value === 'string') return fromPattern(value, wanted);
  const bounds = boundsText(wanted, keyword);
  return { reason: bounds === empty ? empty : `${bounds}, ${sizeText(node, value)}`, suggestion: undefined };
}

function fromEnum(
  value: unknown,
  { enum: values = [], 'x-values': later = {} }: SchemaNode,
  istioVersion: string | undefined,
): Explanation {
  const open = values.filter((one) => istioVersion === undefined || !isNewer(later[String(one)] ?? '0', istioVersion));
  const alike = nearest(String(value), open.map(String));
  const suggestion = open.find((one) => String(one) === alike);
  const list = open.map(String).join(', ');
  return {
    reason: `cannot be ${typeof value === 'string' ? quoted(value) : String(value)}; use one of ${list}`,
    suggestion: typeof suggestion === 'boolean' ? undefined : suggestion,
  };
}

/** Upper case is the one slip from a pattern whose repair is plain. */
function fromPattern(value: string, wanted: SchemaNode): Explanation {
  const lower = value.toLowerCase();
  const isShort = value.length <= (wanted.maxLength ?? 1000);
  const repaired = wanted.pattern !== undefined && lower !== value && isShort && new RegExp(wanted.pattern).test(lower);
  return { reason: `must be ${formText(wanted)}, not ${quoted(value)}`, suggestion: repaired ? lower : undefined };
}

const empty = 'must not be empty';
const emptiness: ReadonlySet<string> = new Set(['minLength', 'minItems', 'minProperties']);

function boundsText(wanted: SchemaNode, keyword: string): string {
  if (emptiness.has(keyword) && wanted[keyword as 'minLength'] === 1) return empty;
  const [verb, least, most, unit] = bounds(wanted, keyword);
  if (least !== undefined && most !== undefined && least < most) return `${verb} from ${least} to ${most}${unit}`;
  return most !== undefined && keyword.startsWith('max')
    ? `${verb} at most ${most}${unit}`
    : `${verb} at least ${least ?? 0}${unit}`;
}

function bounds(
  wanted: SchemaNode,
  keyword: string,
): readonly [string, number | undefined, number | undefined, string] {
  if (keyword.endsWith('Length')) return ['must have', wanted.minLength, wanted.maxLength, ' characters'];
  if (keyword.endsWith('Items')) return ['must have', wanted.minItems, wanted.maxItems, ' items'];
  if (keyword.endsWith('Properties')) return ['must have', wanted.minProperties, wanted.maxProperties, ' entries'];
  const isInt32 = wanted.format === 'int32';
  return [
    'must be',
    wanted.minimum ?? (isInt32 ? -2147483648 : undefined),
    wanted.maximum ?? (isInt32 ? 2147483647 : undefined),
    '',
  ];
}

function sizeText(node: YamlNode, value: unknown): string {
  if (node.kind === 'seq') return `not ${node.items.length}`;
  if (node.kind === 'map') return `not ${node.entries.length}`;
  return typeof value === 'string' ? `not ${Array.from(value).length}` : `not ${String(value)}`;
}
