import type { Span } from '../../base/span.ts';
import { protocolKind } from '../../names/protocols.ts';
import { since, type MeshSettings } from '../../mesh/settings.ts';
import { virtualAddress, type NoAddressReason } from '../../mesh/hosts/virtual-address.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { intendedWaypoint } from '../shared/intent.ts';
import { enableAutoallocateIp } from '../../model/label-names.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { addressRepairs } from './address-repairs.ts';

type Entry = Resource<'ServiceEntry'>;

interface Data {
  readonly host: string;
  readonly reason: NoAddressReason;
}

export const serviceEntryWithoutAddress = defineRule({
  id: 'service-entry-without-address',
  stage: 'capture',
  summary: 'A host gets no address in the mesh, so clients connect directly and skip the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0134'],
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass'],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    const waypoint = intendedWaypoint(mesh, entry);
    if (!waypoint) {
      if (!couldBeAmbient(mesh, entry.namespace)) yield* wholePort(entry);
      return;
    }
    for (const host of entry.spec.hosts) {
      const address = virtualAddress(mesh, entry, host.value);
      if (address.state !== 'none' || isOthersCase(entry, host.value, address.reason, mesh.settings)) continue;
      yield {
        at: placeOf(entry, host, address.reason),
        message: `Traffic to ${host.value} skips waypoint ${waypoint.namespace}/${waypoint.name}: the host has no address in the mesh, because ${causes[address.reason]}.`,
        data: { host: host.value, reason: address.reason },
      };
      return;
    }
  },

  *fixes({ host, reason }, entry, mesh) {
    yield* addressRepairs(mesh, entry, host, reason);
  },
});

/**
 * A sidecar distinguishes TCP hosts by address. Without one it sends all traffic on the port to this ServiceEntry.
 * istio@86c9f01 pkg/config/analysis/analyzers/serviceentry/protocoladdresses.go; pilot/pkg/networking/core/listener.go.
 */
function* wholePort({ spec }: Entry): Iterable<RuleFinding<Data>> {
  const isPassedOn =
    (spec.resolution?.value ?? 'NONE') === 'NONE' &&
    spec.addresses.length === 0 &&
    spec.endpoints.length === 0 &&
    !spec.workloadSelector;
  const port = isPassedOn
    ? spec.ports.find(({ protocol, number }) => number && protocolKind(protocol?.value) === 'tcp')
    : undefined;
  const [host] = spec.hosts;
  if (!port || !host || spec.allocated || spec.location?.value === 'MESH_INTERNAL') return;
  const reason = spec.resolution ? 'resolution-none' : 'resolution-absent';
  yield {
    at: port.span,
    message: `Sidecars send all TCP traffic on port ${port.number!.value} to ${host.value}, and ambient clients send none: TCP needs an address, and the host has none.`,
    data: { host: host.value, reason },
  };
}

const causes: Readonly<Record<NoAddressReason, string>> = {
  'resolution-none': 'resolution is NONE and no address is listed',
  'resolution-absent': 'resolution is missing and no address is listed',
  wildcard: 'a wildcard gets one only with resolution DYNAMIC_DNS',
  'cidr-only': 'only CIDR ranges are listed, which this Istio version does not match',
  'opted-out': `the label ${enableAutoallocateIp} turns allocation off`,
  version: 'this Istio version or its configuration allocates none',
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
  return reason === 'cidr-only' ? (entry.spec.addresses[0]?.span ?? host.span) : host.span;
}
