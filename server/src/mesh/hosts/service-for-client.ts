// Which service a captured client gets if several have a matching name.
import { expandHost, normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Resource } from '../../model/resource.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { externalNamed } from './external-name.ts';
import { listsAsWritten } from './hosts-of-entry.ts';
import { ownersByNamespace } from './owners-in.ts';
import { virtualAddress, type NoAddressReason } from './virtual-address.ts';
import { isHiddenFrom, visibilityOf } from './visibility.ts';

export interface ServiceChoice {
  /** The services to which the name can lead: one, or several if age decides; `undefined` means the real address. */
  readonly outcomes: readonly (HostOwner | undefined)[];
  /** Services that have the name and are skipped, and why. */
  readonly passedOver: readonly PassedOverService[];
}

export interface PassedOverService {
  readonly owner: HostOwner;
  readonly because: NoAddressReason | 'not-visible' | 'spelling';
}

/**
 * The answer of ztunnel's DNS to a client of that namespace: the most specific host that has an address, and among those
 * that share it the client's own namespace's before the canonical one.
 * ztunnel@62d8265 src/dns/server.rs find_server; src/state/service.rs find_best_match.
 */
export function serviceForClient(mesh: Mesh, host: string, namespace: string): ServiceChoice {
  const passedOver: PassedOverService[] = [];
  let open: readonly (HostOwner | undefined)[] = [undefined];
  for (const pattern of searchedNames(mesh, host, namespace)) {
    const here = outcomesAt(mesh, pattern, namespace, passedOver);
    open = distinct(open.flatMap((outcome) => (outcome ? [outcome] : here)));
    if (!open.includes(undefined)) break;
  }
  return { outcomes: open, passedOver };
}

/** The Service of type ExternalName to which the cluster's DNS leads, where the mesh has no other for the name. */
export function aliasForClient(mesh: Mesh, host: string, namespace: string): Resource<'Service'> | undefined {
  const wanted = normalizeHost(host);
  const full = fullName(wanted, namespace, mesh.settings.clusterDomain);
  return externalNamed(mesh, wanted) ?? (full === undefined ? undefined : externalNamed(mesh, full));
}

/** Namespaces whose clients may be led elsewhere than all others; undefined if each may be, by the short name. */
export function namespacesThatDiffer(mesh: Mesh, host: string): ReadonlySet<string> | undefined {
  if (!normalizeHost(host).includes('.')) return undefined;
  return new Set(searchedNames(mesh, host, '').flatMap((pattern) => [...ownersByNamespace(mesh, pattern).keys()]));
}

/** The name and the full forms of a short name, each with the wildcards that match it. ztunnel@62d8265 src/dns/server.rs get_aliases. */
function searchedNames(mesh: Mesh, host: string, namespace: string): readonly string[] {
  const domain = mesh.settings.clusterDomain;
  const wanted = normalizeHost(host);
  const full = fullName(wanted, namespace, domain);
  return [...new Set([wanted, ...(full === undefined ? [] : [full])].flatMap((name) => patternsFor(name)))];
}

/** The full name of a Service's short name. */
function fullName(host: string, namespace: string, domain: string): string | undefined {
  const labels = host.split('.');
  if (labels.length === 1) return expandHost(host, namespace, domain);
  if (labels.length === 2) return `${host}.svc.${domain}`;
  return labels.length === 3 && labels[2] === 'svc' ? `${host}.${domain}` : undefined;
}

function outcomesAt(
  mesh: Mesh,
  pattern: string,
  namespace: string,
  passedOver: PassedOverService[],
): readonly (HostOwner | undefined)[] {
  const groups = survivors(ownersByNamespace(mesh, pattern));
  const usable = new Map<HostOwner, Usability>();
  for (const [, owners] of groups) for (const owner of owners) usable.set(owner, usability(mesh, owner, namespace));
  for (const [owner, because] of usable) if (because.no) passedOver.push({ owner, because: because.no });
  const elsewhere = fallback(
    groups.filter(([home]) => home !== namespace).map(([, owners]) => owners),
    usable,
  );
  const own = groups.find(([home]) => home === namespace)?.[1];
  return own ? distinct(own.flatMap((owner) => choices(owner, usable.get(owner)!, elsewhere))) : elsewhere;
}

type Usability = { readonly no: PassedOverService['because'] | undefined; readonly maybe: boolean };

const isUsable: Usability = { no: undefined, maybe: false };

/** By namespace, the candidates for the host: a Service, else any ServiceEntry, because age decides. istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go selectWorkloadServices. */
function survivors(
  owners: ReadonlyMap<string, readonly HostOwner[]>,
): readonly (readonly [string, readonly HostOwner[]])[] {
  return [...owners].map(([home, all]) => {
    // ztunnel knows no Services of type ExternalName: server/docs/istio-semantics.md §2.55.
    const here = all.filter(({ resource }) => resource.kind !== 'Service' || resource.spec.type !== 'ExternalName');
    const services = here.filter(({ resource }) => resource.kind === 'Service');
    return [home, services.length > 0 ? services.slice(0, 1) : here];
  });
}

/** Names are looked for in lower case and without a dot at the end. ztunnel@62d8265 src/dns/server.rs find_server. */
function usability(mesh: Mesh, owner: HostOwner, namespace: string): Usability {
  const { resource, host } = owner;
  if (resource.kind === 'Service') return isUsable;
  if (!listsAsWritten(resource, host)) return { no: 'spelling', maybe: false };
  const address = virtualAddress(mesh, resource, host);
  if (address.state === 'none') return { no: address.reason, maybe: false };
  if (visibilityOf(mesh, resource.namespace) === undefined) return { no: undefined, maybe: true };
  return isHiddenFrom(mesh, resource.namespace, namespace) ? { no: 'not-visible', maybe: false } : isUsable;
}

function choices(
  owner: HostOwner,
  { no, maybe }: Usability,
  otherwise: readonly (HostOwner | undefined)[],
): readonly (HostOwner | undefined)[] {
  if (no) return otherwise;
  return maybe ? [owner, ...otherwise] : [owner];
}

/** A Service is canonical; of several ServiceEntries the oldest is. If the oldest has no address, any other can be found first. */
function fallback(
  groups: readonly (readonly HostOwner[])[],
  usable: ReadonlyMap<HostOwner, Usability>,
): readonly (HostOwner | undefined)[] {
  const found = groups.flatMap((owners) => owners.filter((owner) => !usable.get(owner)!.no));
  const service = found.find(({ resource }) => resource.kind === 'Service');
  if (service) return [service];
  const sure = groups.some((owners) => owners.every((owner) => !usable.get(owner)!.no && !usable.get(owner)!.maybe));
  return sure ? found : [...found, undefined];
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
