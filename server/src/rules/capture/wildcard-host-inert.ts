import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { isHiddenFromAll, isIntendedForAmbient, waypointBeside } from '../shared/intent.ts';
import { isUnlabelled, isUsed } from '../shared/waypoint-objects.ts';
import { defineRule } from '../rule.ts';
import { addressRepairs } from './address-repairs.ts';

export const wildcardHostInert = defineRule({
  id: 'wildcard-host-inert',
  stage: 'capture',
  summary:
    'A wildcard host without DYNAMIC_DNS gets no address in the mesh, so ambient clients never use the ServiceEntry.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass', 'Service'],

  *check(entry, mesh) {
    // `service-entry-without-address` reports hosts that are not wildcards.
    if (
      !(isIntendedForAmbient(mesh, entry) || isBesideIdleWaypoint(mesh, entry)) ||
      entry.spec.hosts.some(
        ({ value }) => !value.startsWith('*') && virtualAddress(mesh, entry, value).state === 'none',
      )
    )
      return;
    for (const host of entry.spec.hosts) {
      const address = host.value.startsWith('*') ? virtualAddress(mesh, entry, host.value) : undefined;
      // What a range matches is found by the address that a client dials.
      if (address?.state !== 'none' || address.reason === 'cidr-only') continue;
      // istio@86c9f01 pilot/pkg/controllers/ipallocate keepHost.
      yield {
        at: host.span,
        message: `Calls to ${host.value} go direct, past any waypoint: with ${entry.spec.resolution ? `resolution ${entry.spec.resolution.value}` : 'no resolution'} a wildcard gets no address in the mesh.`,
        data: { host: host.value, reason: address.reason },
      };
      return;
    }
  },

  *fixes({ host, reason }, entry, mesh) {
    // With an address and without a waypoint, nothing resolves the names: calls would fail.
    if (entry.spec.resolution?.value === 'DYNAMIC_DNS' && bindWaypoint(mesh, entry).state === 'unbound') return;
    yield* addressRepairs(mesh, entry, host, reason);
  },
});

/** A waypoint in the namespace that nothing uses is meant for it, whatever the Namespace says that no file shows. */
function isBesideIdleWaypoint(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  const waypoint = waypointBeside(mesh, entry);
  return (
    waypoint !== undefined &&
    isUnlabelled(bindWaypoint(mesh, entry)) &&
    !isHiddenFromAll(mesh, entry) &&
    !isUsed(mesh, waypoint)
  );
}
