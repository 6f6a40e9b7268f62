// Which service of the mesh has an address to which the client connects.
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import type { ServiceChoice } from '../../mesh/hosts/service-for-client.ts';
import { since } from '../../mesh/settings.ts';
import { isHiddenFrom } from '../../mesh/hosts/visibility.ts';
import { inBlock } from '../authz/ip-match.ts';
import { isSingleAddress, networkOf, parseRange } from '../../names/addresses.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Resource } from '../../model/resource.ts';

/**
 * Listed addresses before ranges; then the client's own namespace, the longer prefix, and the canonical one, which age
 * decides. Addresses that Istio allocates are not in manifests.
 * ztunnel@62d8265 src/state/service.rs get_best_by_vip, get_best_by_cidr_vip.
 */
export function serviceByAddress(mesh: Mesh, address: string, namespace: string): ServiceChoice {
  const matches = entriesListing(mesh, address).flatMap(({ owner, blocks }) => {
    const known = blocks.filter((block) => isSingleAddress(block) || since(mesh.settings, '1.30'));
    if (known.length === 0 || isHiddenFrom(mesh, owner.resource.namespace, namespace)) return [];
    return [
      {
        owner,
        single: known.some(isSingleAddress),
        prefix: Math.max(...known.map((block) => parseRange(block)?.prefix ?? 0)),
      },
    ];
  });
  const single = matches.filter((match) => match.single);
  const group = single.length > 0 ? single : matches;
  const own = group.filter(({ owner }) => owner.resource.namespace === namespace);
  const near = own.length > 0 ? own : group;
  const longest = Math.max(...near.map(({ prefix }) => prefix));
  const best = single.length > 0 ? near : near.filter(({ prefix }) => prefix === longest);
  return { outcomes: best.length > 0 ? best.map(({ owner }) => owner) : [undefined], passedOver: [] };
}

export interface EntryListing {
  /** The entry by its first host. */
  readonly owner: HostOwner & { readonly resource: Resource<'ServiceEntry'> };
  /** Its addresses that contain the one asked for. */
  readonly blocks: readonly string[];
}

/** Every ServiceEntry that lists the address, whoever sees it; the narrowest ranges first. */
export function entriesListing(mesh: Mesh, address: string): readonly EntryListing[] {
  return mesh.derived(`entries listing ${address}`, (view) =>
    [...new Set(entriesAround(view, address))].flatMap((entry) => {
      const [first] = entry.spec.hosts;
      const blocks = entry.spec.addresses
        .map(({ value }) => value)
        .filter((block) => inBlock(block, [address]) === 'yes');
      if (!first || blocks.length === 0) return [];
      return [{ owner: { resource: entry, host: normalizeHost(first.value) }, blocks }];
    }),
  );
}

function* entriesAround(mesh: Mesh, address: string): Generator<Resource<'ServiceEntry'>> {
  for (const length of lengthsListed(mesh)) {
    const network = networkOf(`${address}/${length}`);
    if (network !== undefined) yield* mesh.entriesAtAddress(network);
  }
}

/** The prefix lengths of all that entries list, the longest first: a handful, and the same after most edits. */
function lengthsListed(mesh: Mesh): readonly number[] {
  return mesh.derived('prefix lengths listed', (view) => {
    const listed = view.all('ServiceEntry').flatMap(({ spec }) => spec.addresses);
    const lengths = new Set(listed.flatMap(({ value }) => parseRange(value)?.prefix ?? []));
    return [...lengths].sort((a, b) => b - a);
  });
}
