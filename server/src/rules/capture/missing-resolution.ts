import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import { allocatesAddresses } from '../../mesh/hosts/virtual-address.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isIntendedForAmbient, intendedWaypoint } from '../shared/intent.ts';
import { enableAutoallocateIp } from '../../model/label-names.ts';
import { defineRule, type Change, type RuleFinding } from '../rule.ts';

export const missingResolution = defineRule({
  id: 'missing-resolution',
  stage: 'capture',
  summary: 'A ServiceEntry for a DNS name has no `resolution`, which means NONE: the host gets no address in the mesh.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'VirtualService'],

  *check(entry, mesh) {
    const { resolution, addresses, endpoints, workloadSelector, hosts } = entry.spec;
    // Addresses make NONE work; endpoints without a resolution are rejected, which is another fault.
    if (resolution || addresses.length > 0 || endpoints.length > 0 || workloadSelector) return;
    const host = hosts.find(({ value }) => isDnsName(value));
    if (!host) return;
    if (!isIntendedForAmbient(mesh, entry)) {
      // Of TCP `service-entry-without-address` speaks.
      if (isExternal(entry) && !entry.spec.ports.some(({ protocol }) => protocolKind(protocol?.value) === 'tcp'))
        yield* elsewhere(host, mesh);
      return;
    }
    const waypoint = intendedWaypoint(mesh, entry);
    yield {
      at: host.span,
      message: waypoint
        ? `Traffic to ${host.value} skips waypoint ${waypoint.namespace}/${waypoint.name}: without resolution the host gets no address in the mesh.`
        : `${describe(entry)} has no effect: without resolution ${host.value} gets no address in the mesh.`,
      data: {},
    };
  },

  *fixes(_, entry, mesh) {
    // DNS is rejected for wildcards.
    if (!onlyDnsNames(entry) || (isIntendedForAmbient(mesh, entry) && !allocatesAddresses(mesh.settings))) return;
    const setting: Change = { op: 'set', in: entry, path: ['spec', 'resolution'], value: 'DNS' };
    // The label turns allocation off, so DNS alone does not give an address.
    const isOptedOut =
      isIntendedForAmbient(mesh, entry) && /^false$/i.test(entry.labels.get(enableAutoallocateIp)?.value ?? '');
    if (isOptedOut)
      yield {
        title: 'Set resolution: DNS, and let Istio allocate an address',
        safety: 'unsafe',
        changes: [setting, { op: 'remove', in: entry, path: ['metadata', 'labels', enableAutoallocateIp] }],
      };
    else yield { title: 'Set resolution: DNS', safety: 'safe', changes: [setting] };
  },
});

/**
 * A sidecar passes HTTP and TLS on to the address that the client looked up itself, which many mean. A gateway cannot: what it
 * would pass on to is its own address. istio@86c9f01 pilot/pkg/networking/core/cluster.go convertResolution (ORIGINAL_DST).
 */
function* elsewhere(host: Field<string>, mesh: Mesh): Iterable<RuleFinding<object>> {
  const gateway = mesh
    .virtualServicesRoutingTo(host.value)
    .flatMap(({ spec }) => spec.gateways)
    .find(({ value }) => value !== 'mesh');
  if (gateway)
    yield {
      at: host.span,
      message: `Requests for ${host.value} fail at Gateway ${gateway.value}: without resolution it has no address to send them to.`,
      data: {},
    };
}

function onlyDnsNames(entry: Resource<'ServiceEntry'>): boolean {
  return entry.spec.hosts.every(({ value }) => isDnsName(value));
}

function isDnsName(host: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*\.?$/i.test(host);
}
