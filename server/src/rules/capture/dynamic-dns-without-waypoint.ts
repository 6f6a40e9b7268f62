import { bindWaypoint, waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import { isAmbientHere } from '../shared/intent.ts';
import { bindTo } from '../shared/written-manifests.ts';
import { defineRule } from '../rule.ts';

export const dynamicDnsWithoutWaypoint = defineRule({
  id: 'dynamic-dns-without-waypoint',
  stage: 'capture',
  summary:
    'Calls to a host with resolution DYNAMIC_DNS fail: it has no waypoint, and only a waypoint can resolve the names.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass'],

  *check(entry, mesh) {
    const { resolution, hosts } = entry.spec;
    // Clients of a host without an address in the mesh dial the real one.
    const host = hosts.find(({ value }) => virtualAddress(mesh, entry, value).state !== 'none');
    if (
      resolution?.value !== 'DYNAMIC_DNS' ||
      !host ||
      !isAmbientHere(mesh, entry) ||
      bindWaypoint(mesh, entry).state !== 'unbound'
    )
      return;
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go constructServiceEntries (INFER).
    yield {
      at: resolution.span,
      message: `Calls from ambient pods to ${host.value} fail: only a waypoint resolves these names, and none is bound.`,
      data: {},
    };
  },

  *fixes(_, entry, mesh) {
    // Istio refuses the two together.
    if (entry.spec.location?.value === 'MESH_INTERNAL') return;
    for (const waypoint of waypointsFor(mesh, entry.namespace).slice(0, 3)) {
      yield {
        title: `Bind to waypoint ${waypoint.namespace}/${waypoint.name}`,
        safety: 'unsafe',
        changes: bindTo(entry, waypoint),
      };
    }
  },
});
