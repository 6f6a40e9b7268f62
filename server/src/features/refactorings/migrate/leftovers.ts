// What a migration to a waypoint does not carry over, and why: one clause each.
import { extensionsAtGatewayPods } from '../../../mesh/binding/proxy-extensions.ts';
import { namespacesJoining } from '../../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe } from '../../../model/resource.ts';
import type { ClassicSet } from './classic-set.ts';

export function leftovers(mesh: Mesh, set: ClassicSet): readonly string[] {
  const { lead, gateway, entries } = set;
  const others = [...namespacesJoining(mesh, 'sidecar')].filter((namespace) => namespace !== lead.namespace);
  return [
    ...(mesh.named('Namespace', '', lead.namespace).length > 0
      ? []
      : [`Namespace ${lead.namespace} is in no file: label it for ambient mode`]),
    `pods of ${lead.namespace} keep their sidecars until they are restarted`,
    ...(others.length > 0
      ? [
          `clients with sidecars in ${others.slice(0, 3).join(', ')}${others.length > 3 ? ' and others' : ''}: sidecars do not use waypoints`,
        ]
      : []),
    ...entries
      .filter(({ spec }) => spec.exportTo !== undefined)
      .map((entry) => `exportTo of ${describe(entry)}: ambient clients of every namespace can use it`),
    ...mesh
      .inNamespace('Sidecar', lead.namespace)
      .map((one) => `${describe(one)}: ambient pods have no sidecar, and REGISTRY_ONLY does not limit them`),
    ...(mesh.settings.outboundTrafficPolicy === 'REGISTRY_ONLY'
      ? ['REGISTRY_ONLY of the mesh: it does not limit ambient pods; use a NetworkPolicy']
      : []),
    ...extensionsAtGatewayPods(mesh, gateway, 'token').map(
      (one) => `${describe(one)}: it changes the pods of the egress gateway`,
    ),
    ...mesh
      .inNamespace('Telemetry', gateway.namespace)
      .filter(
        ({ spec }) =>
          [...(spec.selector?.matchLabels ?? [])].some(([key, value]) => gateway.labels.get(key) === value) ||
          spec.targetRefs.some(({ name }) => gateway.managed !== undefined && name?.value === gateway.managed.name),
      )
      .map(
        (one) =>
          `${describe(one)}: it is for the logs of the egress gateway; write one with targetRefs and mode SERVER`,
      ),
    ...set.broken.map(
      ({ host, port }) => `requests to ${host}:${port}: they do not reach it through the egress gateway today`,
    ),
  ];
}
