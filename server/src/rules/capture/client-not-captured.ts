import {
  type DataPlane,
  namespaceDataPlane,
  namespacesJoining,
  workloadDataPlane,
  workloadsIn,
} from '../../mesh/clients/data-plane.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { reachOf } from '../authorization/reach.ts';
import { clientsNamed, namedByPolicies } from '../shared/named-clients.ts';
import { dataplaneMode } from '../../model/label-names.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { mostTried } from '../shared/clients-of-entry.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';
import { entriesBehind } from '../shared/waypoint-objects.ts';

interface Data {
  /** Of clients that the label of their namespace can put into ambient mode. */
  readonly namespace: string | undefined;
}

export const clientNotCaptured = defineRule({
  id: 'client-not-captured',
  stage: 'capture',
  summary: 'Clients that are not in ambient mode skip the waypoint: a policy names them, or their pods opt out.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy', 'Gateway'],
  inputs: [...bindingInputs, ...targetingInputs, 'Pod', 'Workload'],

  check: (subject, mesh) => (subject.kind === 'Gateway' ? leftOut(mesh, subject) : named(mesh, subject)),

  *fixes({ namespace }, _, mesh) {
    if (namespace === undefined) return;
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

function* named(mesh: Mesh, policy: Resource<'AuthorizationPolicy'>): Iterable<RuleFinding<Data>> {
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
}

/** Pods of ambient namespaces that opt out, which may be intended; with one host of the waypoint for all. */
function* leftOut(mesh: Mesh, gateway: Resource<'Gateway'>): Iterable<RuleFinding<Data>> {
  if (isWaypointClass(gateway, mesh.settings) !== true) return;
  const [entry] = entriesBehind(mesh, gateway);
  if (!entry) return;
  const reported = namedByPolicies(mesh, gateway, entry);
  let tried = 0;
  for (const namespace of namespacesJoining(mesh, 'ambient')) {
    if (tried++ >= mostTried) return;
    if (reported.has(namespace) && staysOutside(mesh, namespace)) continue;
    for (const workload of workloadsIn(mesh, namespace)) {
      const plane = workloadDataPlane(mesh, workload);
      const why = plane.mode === 'none' ? whyLeftOut.get(plane.because) : undefined;
      if (why === undefined) continue;
      yield {
        in: workload,
        at: plane.at?.resource === workload ? plane.at.span : workload.at.name,
        message: `Requests of ${describe(workload)} bypass waypoint ${gateway.namespace}/${gateway.name} and its policies, for example those to ${entry.spec.hosts[0]?.value ?? entry.name}: ${why}.`,
        related: [{ resource: entry, at: entry.at.name, message: `${describe(entry)} is bound to the waypoint.` }],
        data: { namespace: undefined },
      };
    }
  }
}

const whyLeftOut: ReadonlyMap<string, string> = new Map([
  ['pod-opts-out', `the label ${dataplaneMode}: none leaves its pods out of the mesh`],
  ['host-network', 'its pods use the network of the node, which ztunnel does not capture'],
]);

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
