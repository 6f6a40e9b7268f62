// What brings an unused rule into use, or removes it.
import type { Candidate } from '../../../mesh/destination-rules/destination-rule-for.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { Fix } from '../../rule.ts';
import type { ExternalHost } from '../faults/faults-of-rule.ts';
import { sparing } from './remove-tls.ts';
import { exportingTo, movingTo } from './move-rule.ts';

/** A rule that a bound waypoint passes over. */
export interface NotSelected {
  readonly candidate: Candidate;
  readonly gateway: Resource<'Gateway'>;
  readonly on: ExternalHost;
}

/** Another rule may already originate TLS: then this one is only confusing, and its owner decides. */
export function* selectionRepairs(mesh: Mesh, rule: Resource<'DestinationRule'>, found: NotSelected): Iterable<Fix> {
  const use = bringIntoUse(mesh, rule, found);
  const spared = sparing(rule, found.on.entry);
  if (use && spared) yield { ...use, changes: [...use.changes, ...spared] };
  // Routes may name its subsets. Without the rule an entry that is not exported is still hidden from the waypoint.
  if (rule.spec.subsets.length === 0 && found.candidate.passedOver !== 'entry-not-exported')
    yield { title: `Remove ${describe(rule)}`, safety: 'unsafe', changes: [{ op: 'remove-document', in: rule }] };
}

function bringIntoUse(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  { candidate, gateway: { namespace }, on: { entry } }: NotSelected,
): Fix | undefined {
  switch (candidate.passedOver) {
    case 'other-namespace': {
      const changes = movingTo(mesh, rule, entry.namespace, namespace);
      return changes && { title: `Move ${describe(rule)} to namespace ${entry.namespace}`, safety: 'unsafe', changes };
    }
    // In the mesh's root namespace a waypoint there reads what is its own alone.
    case 'not-exported':
      return rule.namespace === namespace
        ? undefined
        : {
            title: `Export ${describe(rule)} to namespace ${namespace}`,
            safety: 'unsafe',
            changes: exportingTo(rule, namespace),
          };
    case 'entry-not-exported':
      return {
        title: `Export ${describe(entry)} to namespace ${namespace}`,
        safety: 'unsafe',
        changes: exportingTo(entry, namespace),
      };
    case 'workload-selector':
      return {
        title: 'Remove the workloadSelector',
        safety: 'unsafe',
        changes: [{ op: 'remove', in: rule, path: ['spec', 'workloadSelector'] }],
      };
    default:
      return undefined;
  }
}
