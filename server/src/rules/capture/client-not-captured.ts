import { type DataPlane, namespaceDataPlane, workloadDataPlane, workloadsIn } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { reachOf } from '../authorization/reach.ts';
import { clientsNamed } from '../shared/named-clients.ts';
import { dataplaneMode } from '../../model/label-names.ts';
import { defineRule, type Related } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const clientNotCaptured = defineRule({
  id: 'client-not-captured',
  stage: 'capture',
  summary: 'A policy names clients of a namespace that is not ambient, so their traffic skips the waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    if (clientsNamed(policy).length === 0 || reachOf(mesh, policy).entries.length === 0) return;
    for (const { namespace, field } of clientsNamed(policy)) {
      if (!staysOutside(mesh, namespace)) continue;
      yield {
        at: field.span,
        message: `Traffic from namespace ${namespace} skips the waypoint, so this policy neither allows nor denies it: its pods are not in ambient mode.`,
        related: lacksLabel(mesh, namespace) ? mesh.named('Namespace', '', namespace).map(withoutLabel) : [],
        data: { namespace },
      };
    }
  },

  *fixes({ namespace }, _, mesh) {
    const [home] = mesh.named('Namespace', '', namespace);
    // Pods that opt out themselves stay outside.
    if (home && lacksLabel(mesh, namespace))
      yield {
        title: `Put namespace ${namespace} into ambient mode`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: home, path: ['metadata', 'labels', dataplaneMode], value: 'ambient' }],
      };
  },
});

function withoutLabel(home: Resource<'Namespace'>): Related {
  return {
    resource: home,
    at: home.at.name,
    message: `${describe(home)} does not have the label ${dataplaneMode}: ambient.`,
  };
}

/** None of its workloads is captured; where no file shows workloads, the label of the namespace has to say so. */
function staysOutside(mesh: Mesh, namespace: string): boolean {
  const planes = dataPlanesOf(mesh, namespace);
  return planes.length > 0 && planes.every((plane) => plane.mode === 'none' && plane.because !== 'system-namespace');
}

/** Whether the label would capture one that is not captured now. */
function lacksLabel(mesh: Mesh, namespace: string): boolean {
  return dataPlanesOf(mesh, namespace).some((plane) => plane.mode === 'none' && plane.because === 'not-enrolled');
}

function dataPlanesOf(mesh: Mesh, namespace: string): readonly DataPlane[] {
  const workloads = workloadsIn(mesh, namespace);
  if (workloads.length > 0) return workloads.map((workload) => workloadDataPlane(mesh, workload));
  const plane = namespaceDataPlane(mesh, namespace);
  return plane.label?.name === dataplaneMode ? [plane] : [];
}
