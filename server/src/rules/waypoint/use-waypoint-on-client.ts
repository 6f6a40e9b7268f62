import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { admits, trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import type { Field } from '../../model/field.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { metadataOf } from '../shared/pod-metadata.ts';
import { bindTo } from '../shared/written-manifests.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { defineRule, type Change, type RuleFinding } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';

type Client = AnyResource<'Pod' | 'Workload' | 'Namespace'>;

export const useWaypointOnClient = defineRule<'Pod' | 'Workload' | 'Namespace', object>({
  id: 'use-waypoint-on-client',
  stage: 'waypoint',
  summary: 'Client pods have a `use-waypoint` label, which does not send their calls through the waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Pod', 'Workload', 'Namespace'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(client: Client, mesh): Iterable<RuleFinding<object>> {
    const field = labelOf(client, useWaypoint);
    if (
      !field ||
      field.value === '' ||
      field.value.toLowerCase() === 'none' ||
      (client.kind === 'Namespace' && !onlyCalls(mesh, client.name))
    )
      return;
    const home = client.kind === 'Namespace' ? client.name : client.namespace;
    const gateways = mesh.named('Gateway', labelOf(client, useWaypointNamespace)?.value ?? home, field.value);
    // A waypoint for services takes nothing that is addressed to a pod, and none takes what a pod sends.
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForWorkload; ztunnel@62d8265 src/proxy/outbound.rs build_request.
    if (gateways.length === 0 || !gateways.every((gateway) => trafficType(mesh, gateway) === 'service')) return;
    yield {
      at: field.span,
      message: `Calls from ${describe(client)} do not go through ${describe(gateways[0]!)}: put the label on the ServiceEntry of the host that is called.`,
      related: [{ resource: gateways[0]!, at: gateways[0]!.at.name, message: 'This is the waypoint.' }],
      data: {},
    };
  },

  *fixes(_, client, mesh) {
    const name = labelOf(client, useWaypoint)?.value ?? '';
    const home =
      labelOf(client, useWaypointNamespace)?.value ?? (client.kind === 'Namespace' ? client.name : client.namespace);
    const removal = [useWaypoint, useWaypointNamespace]
      .filter((key) => labelOf(client, key))
      .map((key): Change => ({ op: 'remove', in: client, path: [...metadataOf(client), 'labels', key] }));
    const gateway = mesh.named('Gateway', home, name)[0];
    const unbound = gateway
      ? mesh
          .inNamespace('ServiceEntry', home)
          .filter(
            (entry) =>
              bindWaypoint(mesh, entry).state === 'unbound' && admits(mesh, gateway, entry.namespace) !== false,
          )
      : [];
    for (const entry of unbound.slice(0, 3))
      yield {
        title: `Label ${describe(entry)} instead`,
        safety: 'unsafe',
        changes: [...removal, ...bindTo(entry, gateway!)],
      };
    yield { title: 'Remove the label', safety: 'safe', changes: removal };
  },
});

function labelOf(client: Client, key: string): Field<string> | undefined {
  if (client.kind === 'Namespace') return client.labels.get(key);
  const { spec } = client as Resource<'Pod' | 'Workload'>;
  return spec.labels.get(key) ?? (client.kind === 'Pod' ? client.labels.get(key) : undefined);
}

/** Its pods are here, and nothing of it that could be called through a waypoint. */
function onlyCalls(mesh: Mesh, namespace: string): boolean {
  const has = (kind: 'Pod' | 'Workload' | 'Service' | 'ServiceEntry' | 'Gateway') =>
    mesh.inNamespace(kind, namespace).length > 0;
  return (
    (has('Pod') || has('Workload')) &&
    !has('Service') &&
    !has('ServiceEntry') &&
    !has('Gateway') &&
    mesh.knows('ServiceEntry', namespace)
  );
}
