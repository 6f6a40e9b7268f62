import type { Span } from '../../base/span.ts';
import { protocolKind } from '../../names/protocols.ts';
import { since, type MeshSettings } from '../../mesh/settings.ts';
import { virtualAddress, type NoAddressReason } from '../../mesh/hosts/virtual-address.ts';
import type { Field } from '../../model/field.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { intendedWaypoint } from '../shared/intent.ts';
import { addressesOfHost, workloadsAt } from '../../mesh/hosts/workload-at-address.ts';
import { bindWaypoint, type WaypointLabel } from '../../mesh/binding/waypoint-binding.ts';
import { enableAutoallocateIp } from '../../model/label-names.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { blockingNamespace } from '../shared/blocking-sidecars.ts';
import { addressRepairs } from './address-repairs.ts';

type Entry = Resource<'ServiceEntry'>;

interface Data {
  /** The host that could get an address of its own, and why it has none. */
  readonly missing?: { readonly host: string; readonly reason: NoAddressReason | 'of-workload' };
}

export const serviceEntryWithoutAddress = defineRule({
  id: 'service-entry-without-address',
  stage: 'capture',
  summary: 'A host gets no address of its own in the mesh, so clients connect directly and skip the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0134'],
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass', 'Sidecar', 'Pod', 'Workload', 'WorkloadEntry'],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    const waypoint = intendedWaypoint(mesh, entry);
    if (!waypoint) {
      if (!couldBeAmbient(mesh, entry.namespace)) yield* wholePort(mesh, entry);
      return;
    }
    for (const host of entry.spec.hosts) {
      const address = virtualAddress(mesh, entry, host.value);
      if (address.state === 'listed') {
        yield* atWorkloads(mesh, entry, host.value, waypoint);
        return;
      }
      if (address.state !== 'none' || isOthersCase(entry, host.value, address.reason, mesh.settings)) continue;
      yield {
        at: placeOf(entry, host, address.reason),
        message: `Traffic to ${host.value} skips waypoint ${waypoint.namespace}/${waypoint.name}: the host has no address in the mesh, because ${causes[address.reason]}.`,
        data: { missing: { host: host.value, reason: address.reason } },
      };
      return;
    }
  },

  *fixes({ missing }, entry, mesh) {
    // Only the author knows the address of a host that sidecars call; with resolution DNS all traffic of the port would go to this host.
    if (missing) yield* addressRepairs(mesh, entry, missing.host, missing.reason);
  },
});

/** Every host of the entry has the same listed addresses. What a trace leaves open is left out. */
function* atWorkloads(mesh: Mesh, entry: Entry, host: string, waypoint: WaypointLabel): Iterable<RuleFinding<Data>> {
  if (bindWaypoint(mesh, entry).state !== 'bound') return;
  const addresses = addressesOfHost(mesh, entry, host);
  const found = workloadsAt(mesh, addresses).filter(({ isCertain }) => isCertain);
  const [first] = found;
  if (!first) return;
  const { address, resource, span } = first;
  const whose =
    resource.id === entry.id ? 'an endpoint of this ServiceEntry has it too' : `${describe(resource)} has it too`;
  yield {
    at: placeOfAddress(entry, address),
    message: `Traffic to ${host} at ${address} skips waypoint ${waypoint.namespace}/${waypoint.name}: ${whose}, and ztunnel connects to an endpoint's own address directly; remove it, or list an address that nothing else has.`,
    related: [{ resource, at: span, message: `${describe(resource)} has an endpoint at ${address}.` }],
    data: found.length === addresses.length ? { missing: { host, reason: 'of-workload' } } : {},
  };
}

function placeOfAddress({ spec, at }: Entry, address: string): Span {
  return spec.addresses.find(({ value }) => value === address)?.span ?? at.name;
}

/**
 * A sidecar distinguishes TCP hosts by address. Without one its listener takes every connection to the port, and with resolution NONE it
 * leaves them at the address that the client calls.
 * istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListener; server/docs/istio-semantics-classic.md §C.21, §C.24.
 */
function* wholePort(mesh: Mesh, entry: Entry): Iterable<RuleFinding<Data>> {
  const { spec } = entry;
  const port = passedOnPort(entry);
  const [host] = spec.hosts;
  if (!port || !host || entry.refused || spec.allocated || spec.location?.value === 'MESH_INTERNAL') return;
  const number = port.number!.value;
  const open = blockingNamespace(mesh, entry);
  const why = `${spec.resolution ? 'with resolution NONE' : 'without resolution, which means NONE,'} and without an address only the port counts`;
  yield {
    at: port.span,
    message:
      open === undefined
        ? `Sidecars take every TCP connection to port ${number} as one to ${host.value} and leave it at the address that the client calls: ${why}.`
        : `Sidecars of namespace ${open} let every TCP connection to port ${number} out, to any address, although they block what the mesh does not know (REGISTRY_ONLY): ${why}.`,
    data: {},
    // Who writes NONE means it more often.
    severity: open === undefined && spec.resolution ? 'information' : 'warning',
  };
}

/** The first TCP port for which neither an address is listed nor an endpoint dialled. */
function passedOnPort({ spec }: Entry): ServiceEntryPort | undefined {
  const isPassedOn =
    (spec.resolution?.value ?? 'NONE') === 'NONE' &&
    spec.addresses.length === 0 &&
    spec.endpoints.length === 0 &&
    !spec.workloadSelector;
  return isPassedOn
    ? spec.ports.find(({ protocol, number }) => number && protocolKind(protocol?.value) === 'tcp')
    : undefined;
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
