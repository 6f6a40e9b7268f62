import { mostRelated } from '../../base/and-more.ts';
import { compareText } from '../../base/compare.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { shareHost } from '../../mesh/hosts/hosts-of-entry.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isSingleAddress, networkOf } from '../../names/addresses.ts';
import { protocolKind } from '../../names/protocols.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export const overlappingAddresses = defineRule({
  id: 'overlapping-addresses',
  stage: 'capture',
  summary: 'Two ServiceEntries list the same address or range, so all calls to it go to one of them.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Namespace'],

  *check(entry, mesh) {
    if (entry.spec.addresses.length === 0) return;
    const isAmbient = isIntendedForAmbient(mesh, entry);
    for (const { value, span } of entry.spec.addresses) {
      const network = isAmbient && !isKnownToZtunnel(mesh, value) ? undefined : networkOf(value);
      if (network === undefined) continue;
      const other = firstAt(mesh, network, entry.namespace).find(
        (one) =>
          one.name < entry.name && !shareHost(entry, one) && (isAmbient || tcpPortOfBoth(entry, one) !== undefined),
      );
      if (!other) continue;
      yield {
        at: span,
        message: messageFor(value, network, isAmbient ? undefined : tcpPortOfBoth(entry, other), other),
        related: [{ resource: other, at: other.at.name, message: `${describe(other)} has the same address.` }],
        data: {},
      };
    }
  },
});

/** By name. Each of the entries at an address asks, so only so many are looked at. */
function firstAt(mesh: Mesh, network: string, namespace: string): readonly Entry[] {
  const names = mesh.derived(`first entries at ${network} in ${namespace}`, (view) => {
    const own = view.entriesAtAddress(network).filter((one) => one.namespace === namespace);
    return own
      .map(({ name }) => name)
      .sort(compareText)
      .slice(0, mostRelated);
  });
  return names.flatMap((name) => mesh.named('ServiceEntry', namespace, name)[0] ?? []);
}

/** Ranges only since 1.30: server/docs/istio-semantics.md §2.14. */
function isKnownToZtunnel({ settings }: Mesh, address: string): boolean {
  return isSingleAddress(address) || since(settings, '1.30');
}

/**
 * ztunnel chooses by the address alone, whatever host and port. ztunnel@62d8265 src/state/service.rs get_best_by_vip, get_best_by_cidr_vip.
 * A sidecar's listener keeps the first of two TCP services with one address or range: istio@86c9f01
 * pilot/pkg/networking/core/listener.go mergeTCPFilterChains, conflictsWith.
 */
function messageFor(address: string, network: string, port: number | undefined, other: Entry): string {
  const range = network === address || isSingleAddress(address) ? '' : ` (the range ${network})`;
  return port === undefined
    ? `Calls to ${address}${range} all go to one ServiceEntry, whatever host the client wants: ${describe(other)} lists this address too.`
    : `Sidecars send all TCP traffic to ${address}${range} on port ${port} to one ServiceEntry, the one created first: ${describe(other)} lists this address too.`;
}

function tcpPortOfBoth(a: Entry, b: Entry): number | undefined {
  const [x, y] = [a, b].map(({ spec }) =>
    spec.ports.flatMap(({ number, protocol }) =>
      number && protocolKind(protocol?.value) === 'tcp' ? [number.value] : [],
    ),
  );
  return x?.find((port) => y?.includes(port));
}
