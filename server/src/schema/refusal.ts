// Which findings mean that the API server, Istio's webhook or kubectl refuses the object, so that it never gets into the cluster.
// Compared with the recorded answers of a real API server with Istio's webhook (test/schema-mutants.test.ts).
import type { YamlMap } from '../yaml/node.ts';
import { at, entryOf } from '../yaml/read.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { SchemaFinding, SchemaRule } from './findings.ts';
import { pathText } from './value-wording.ts';

/** Rules that report what the API server rejects. */
export const refusingRules: ReadonlySet<string> = new Set<SchemaRule>([
  'unknown-field',
  'invalid-type',
  'invalid-value',
  'missing-field',
  'invalid-combination',
  'unknown-kind',
  'invalid-yaml',
]);

/** An older spelling that is still taken, or advice, is a finding of lower severity. */
export function isRefusal({ rule, severity, data }: SchemaFinding): boolean {
  if (severity !== undefined || !refusingRules.has(rule)) return false;
  // Of two equal keys kubectl takes the last one.
  return !('code' in data && data.code === 'duplicate-key');
}

/** The field of a finding, as a path; empty for the whole object. */
export function fieldOf({ data }: SchemaFinding): string {
  if (!('path' in data)) return '';
  const path: FieldPath = 'field' in data ? [...data.path, data.field] : data.path;
  return pathText(path);
}

/**
 * Whether the manifest shows that the object is in a cluster, in a form that was not refused: it has what only the API server
 * or kubectl writes.
 */
export function hasBeenApplied(root: YamlMap): boolean {
  const metadata = at(root, ['metadata']);
  if (metadata?.kind !== 'map') return false;
  const written = ['resourceVersion', 'uid', 'generation', 'creationTimestamp'].some((key) => {
    const value = entryOf(metadata, key)?.value;
    return value?.kind === 'scalar' && value.value !== null && value.value !== '';
  });
  return written || at(metadata, ['annotations', 'kubectl.kubernetes.io/last-applied-configuration']) !== undefined;
}
