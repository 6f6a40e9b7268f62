// Fixes of what a trace says to be wrong at the object that decides.
import type { Evidence, Mend } from '../../eval/trace/step.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Fix } from '../rule.ts';

export interface MendData extends Mend {
  readonly of: Pick<AnyResource, 'kind' | 'namespace' | 'name'>;
}

/** The fix of the first place that has one. */
export function mendOf(evidence: readonly Evidence[]): MendData | null {
  const found = evidence.find(({ mend }) => mend);
  if (!found?.mend) return null;
  const { kind, namespace, name } = found.resource;
  return { ...found.mend, of: { kind, namespace, name } };
}

/** Unsafe: what arrives at the gateway then goes on to the host. */
export function* mendFixes(data: MendData | null, mesh: Mesh): Iterable<Fix> {
  if (!data) return;
  const { of, path, value, title } = data;
  const [resource, ...more] = mesh.named(of.kind, of.namespace, of.name);
  if (!resource || more.length > 0) return;
  yield {
    title: `${title} (${describe(resource)})`,
    safety: 'unsafe',
    changes: [{ op: 'set', in: resource, path, value }],
  };
}
