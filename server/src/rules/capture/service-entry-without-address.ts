import type { Span } from '../../base/span.ts';
import { since, type MeshSettings } from '../../mesh/settings.ts';
import { virtualAddress, type NoAddressReason } from '../../mesh/virtual-address.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { meantWaypoint } from '../intent.ts';
import { enableAutoallocateIp } from '../names.ts';
import { defineRule } from '../rule.ts';
import { addressRepairs } from './address-repairs.ts';

type Entry = Resource<'ServiceEntry'>;

export const serviceEntryWithoutAddress = defineRule({
  id: 'service-entry-without-address',
  stage: 'capture',
  summary: 'A host can get no address in the mesh, so clients reach it past the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0134'],
  subjects: ['ServiceEntry'],
  inputs: ['Namespace'],

  *check(entry, mesh) {
    const waypoint = meantWaypoint(mesh, entry);
    if (!waypoint) return;
    for (const host of entry.spec.hosts) {
      const address = virtualAddress(mesh, entry, host.value);
      if (address.state !== 'none' || isOthersCase(entry, host.value, address.reason, mesh.settings)) continue;
      yield {
        at: placeOf(entry, host, address.reason),
        message: `${host.value} gets no address in the mesh, as ${causes[address.reason]}, and traffic to it goes past waypoint ${waypoint.namespace}/${waypoint.name}.`,
        data: { host: host.value, reason: address.reason },
      };
      return;
    }
  },

  *fixes({ host, reason }, entry, mesh) {
    yield* addressRepairs(entry, host, reason, mesh.settings);
  },
});

const causes: Readonly<Record<NoAddressReason, string>> = {
  'resolution-none': 'resolution is NONE and no address is listed',
  'resolution-absent': 'resolution is left out and no address is listed',
  wildcard: 'wildcards get one with resolution DYNAMIC_DNS only',
  'cidr-only': 'only ranges are listed, which this Istio version does not match',
  'opted-out': `the label ${enableAutoallocateIp} opts out of one`,
  version: 'addresses are not allocated by this Istio version or its settings',
};

/** Left to `missing-resolution`, `wildcard-host-inert`, to the schema (endpoints without resolution), or no fault: ztunnel matches ranges since 1.30. */
function isOthersCase(entry: Entry, host: string, reason: NoAddressReason, settings: MeshSettings): boolean {
  if (reason === 'cidr-only') return since(settings, '1.30');
  if (host.startsWith('*')) return true;
  return reason === 'resolution-absent' && entry.spec.hosts.some(({ value }) => !value.startsWith('*'));
}

function placeOf(entry: Entry, host: Field<string>, reason: NoAddressReason): Span {
  if (reason === 'resolution-none') return entry.spec.resolution?.span ?? host.span;
  if (reason === 'opted-out') return entry.labels.get(enableAutoallocateIp)?.span ?? host.span;
  return reason === 'cidr-only' ? entry.spec.addresses[0]?.span ?? host.span : host.span;
}
