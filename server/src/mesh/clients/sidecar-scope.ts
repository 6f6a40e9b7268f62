// What a client with a sidecar imports and applies: its Sidecar resource, the services, the DestinationRule for a host.
// Whether a pod has a sidecar is decided elsewhere (`data-plane.ts`).
import { keptFor } from '../../base/kept-for.ts';
import { bySelector, type Selecting } from '../by-selector.ts';
import type { Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { fullHost, hostMatches, hostsOverlap } from '../../names/hosts.ts';
import { ownersByNamespace } from '../hosts/owners-in.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { since, type MeshSettings } from '../settings.ts';
import { listedAtSidecar, type Owner } from '../hosts/owners-at-proxy.ts';
import { isSeenFrom } from '../hosts/visibility.ts';

export interface SidecarClient {
  readonly namespace: string;
  /** Of the pod. */
  readonly labels: ReadonlyMap<string, string>;
  /** The Sidecar resource that is taken for the one that applies, where age decides between several. */
  readonly sidecar?: Resource<'Sidecar'> | undefined;
}

/**
 * The Sidecar resources that could apply to a pod: one, several if age decides, or none; undefined if
 * one may exist that no source shows. istio@86c9f01 pilot/pkg/model/push_context.go initSidecarScopes, doGetSidecarScope.
 */
export function sidecarsFor(
  mesh: Mesh,
  { namespace, labels, sidecar }: SidecarClient,
): readonly Resource<'Sidecar'>[] | undefined {
  if (sidecar) return [sidecar];
  if (!mesh.knows('Sidecar', namespace)) return undefined;
  const here = mesh.inNamespace('Sidecar', namespace);
  const { selecting, forAll } = scopesOf(here);
  const own = selecting(labels);
  if (own.length > 0) return own;
  const root = mesh.settings.rootNamespace;
  if (forAll.length > 0 || namespace === root) return forAll;
  if (!mesh.knows('Sidecar', root)) return undefined;
  return scopesOf(mesh.inNamespace('Sidecar', root)).forAll;
}

interface Scopes {
  readonly selecting: Selecting<Resource<'Sidecar'>>;
  readonly forAll: readonly Resource<'Sidecar'>[];
}

/** By the list that the index gives for a namespace, which stands until one of its members changes. */
const scopesOf = keptFor(
  (sidecars: readonly Resource<'Sidecar'>[]): Scopes => ({
    selecting: bySelector(sidecars, ({ spec }) => spec.workloadSelector),
    forAll: sidecars.filter(({ spec }) => !spec.workloadSelector),
  }),
);

type OutboundMode = MeshSettings['outboundTrafficPolicy'];

export type OutboundPolicy =
  /** `by` is undefined if the mesh setting decides. */
  | { readonly state: 'known'; readonly mode: OutboundMode; readonly by: Resource<'Sidecar'> | undefined }
  /** Sidecar resources that say different things, of which age chooses. */
  | { readonly state: 'undetermined'; readonly candidates: readonly Resource<'Sidecar'>[] }
  | { readonly state: 'unknown' };

/**
 * What becomes of traffic to names and addresses that the mesh does not know. The mesh default stands where the
 * Sidecar that applies says nothing. istio@86c9f01 pilot/pkg/model/sidecar.go initSidecarScopeInternalIndexes.
 */
export function outboundPolicy(
  mesh: Mesh,
  namespace: string,
  labels: ReadonlyMap<string, string> = new Map(),
  sidecar?: Resource<'Sidecar'>,
): OutboundPolicy {
  const sidecars = sidecarsFor(mesh, { namespace, labels, sidecar });
  if (!sidecars) return { state: 'unknown' };
  const [first, ...others] = sidecars.map((by) => ({ by, mode: modeOf(mesh, by) }));
  if (!first) return { state: 'known', mode: mesh.settings.outboundTrafficPolicy, by: undefined };
  if (others.some(({ mode }) => mode !== first.mode)) return { state: 'undetermined', candidates: sidecars };
  if (!first.mode) return { state: 'unknown' };
  return { state: 'known', mode: first.mode, by: first.by.spec.outboundTrafficPolicy && first.by };
}

/** A policy without a mode is the first of the enum, which is REGISTRY_ONLY. istio.io/api networking/v1alpha3/sidecar.proto OutboundTrafficPolicy.Mode. */
function modeOf(mesh: Mesh, { spec }: Resource<'Sidecar'>): OutboundMode | undefined {
  if (!spec.outboundTrafficPolicy) return mesh.settings.outboundTrafficPolicy;
  const written = spec.outboundTrafficPolicy.mode?.value ?? 'REGISTRY_ONLY';
  return written === 'REGISTRY_ONLY' || written === 'ALLOW_ANY' ? written : undefined;
}

/** Whether `egress.hosts` bring a service in; without a Sidecar, or with one that lists none, all come. istio@86c9f01 pilot/pkg/model/sidecar.go convertIstioListenerToWrapper, selectServices. */
export function importsHost(
  mesh: Mesh,
  sidecar: Resource<'Sidecar'> | undefined,
  clientNamespace: string,
  service: { readonly namespace: string },
  host: string,
): boolean {
  const written = sidecar?.spec.egressHosts ?? [];
  if (written.length === 0) return true;
  const imports = written.flatMap(({ value }) => importOf(value, clientNamespace));
  const matching = imports.filter(
    ({ namespace, name }) => (namespace === '*' || namespace === service.namespace) && hostMatches(name, host),
  );
  // Before 1.31 such an import named a namespace that does not exist.
  if (since(mesh.settings, '1.31') && matching.some(({ excludes }) => excludes)) return false;
  return matching.some(({ excludes }) => !excludes);
}

/**
 * Whether the sidecar keeps another name of a service that it imports as the host: what imports the service must name that too, in its
 * namespace before in any. istio@86c9f01 pilot/pkg/model/sidecar.go selectServices, matchingAliasService.
 */
export function importsAlias(
  mesh: Mesh,
  client: SidecarClient,
  service: { readonly namespace: string },
  { host, alias }: { readonly host: string; readonly alias: string },
): boolean {
  const [sidecar] = sidecarsFor(mesh, client) ?? [];
  const imports = (sidecar?.spec.egressHosts ?? [])
    .flatMap(({ value }) => importOf(value, client.namespace))
    .filter(({ excludes }) => !excludes);
  if (imports.length === 0) return true;
  const here = imports.filter(({ namespace }) => namespace === service.namespace);
  const isHere = here.some(({ name }) => hostMatches(name, host));
  const used = isHere ? here : imports.filter(({ namespace }) => namespace === '*');
  return used.some(({ name }) => hostMatches(name, alias));
}

/**
 * The VirtualServices that a client's sidecar imports: one of their hosts overlaps what `egress.hosts` name in their namespace.
 * Undefined if that depends on which Sidecar resource applies. istio@86c9f01 pilot/pkg/model/sidecar.go SelectVirtualServices; §B.14.
 */
export function routesImported(
  mesh: Mesh,
  client: SidecarClient,
  services: readonly Resource<'VirtualService'>[],
): readonly Resource<'VirtualService'>[] | undefined {
  if (services.length === 0) return services;
  const sidecars = sidecarsFor(mesh, client);
  const [first = services, ...others] = (sidecars ?? []).map(({ spec: { egressHosts } }) => {
    const imports = egressHosts
      .flatMap(({ value }) => importOf(value, client.namespace))
      .filter((one) => !one.excludes);
    return egressHosts.length === 0 ? services : services.filter((one) => isNamed(mesh, one, imports));
  });
  return sidecars && others.every((one) => sameMembers(one, first)) ? first : undefined;
}

function isNamed(mesh: Mesh, { namespace, spec }: Resource<'VirtualService'>, imports: readonly Import[]): boolean {
  const near = imports.filter((one) => one.namespace === '*' || one.namespace === namespace);
  return spec.hosts.some(({ value }) => {
    const host = fullHost(value, namespace, mesh.settings.clusterDomain);
    return near.some(({ name }) => hostsOverlap(name, host));
  });
}

export function sameMembers<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

interface Import {
  readonly namespace: string;
  readonly name: string;
  readonly excludes: boolean;
}

function importOf(host: string, clientNamespace: string): readonly Import[] {
  const [written = '', name, ...more] = host.split('/');
  if (name === undefined || more.length > 0) return [];
  const excludes = written.startsWith('~');
  const bare = excludes ? written.slice(1) || '*' : written;
  return [{ namespace: bare === '.' ? clientNamespace : bare, name, excludes }];
}

/** Whether a sidecar originates TLS with a certificate by name: rules without a `workloadSelector` then give none. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go buildUpstreamClusterTLSContext. */
export function takesCredential(rule: Resource<'DestinationRule'>, tls: ClientTls | undefined): boolean {
  return (
    tls?.credentialName?.value === undefined ||
    tls.credentialName.value.startsWith('configmap://') ||
    rule.spec.workloadSelector !== undefined
  );
}

/** The services of a host that are exported to a client and imported by its sidecar; undefined if what it imports is not known. */
export function servicesSeen(mesh: Mesh, client: SidecarClient, host: string): readonly Owner[] | undefined {
  const sidecars = sidecarsFor(mesh, client);
  if (!sidecars) return undefined;
  const isSeen = ({ resource }: HostOwner) => isSeenFrom(mesh, resource, client.namespace);
  const own = sidecars.length < 2 ? ownersByNamespace(mesh, host).get(client.namespace) : undefined;
  const chosen = own
    ?.filter((owner) => isSeen(owner) && importsHost(mesh, sidecars[0], client.namespace, owner.resource, host))
    .map(({ resource }) => resource);
  if (chosen && chosen.length > 0) return chosen;
  const seen = mesh
    .hostOwners(host)
    .filter(isSeen)
    .map(({ resource }) => resource);
  const [first, ...others] = (sidecars.length > 0 ? sidecars : [undefined]).map((sidecar) =>
    seen.filter((resource) => importsHost(mesh, sidecar, client.namespace, resource, host)),
  );
  return others.every((list) => sameMembers(list, first!)) ? first : undefined;
}

/**
 * The services that a sidecar can mean by a host, several where age decides; undefined if what it imports is not
 * known. Its own namespace's comes first, then a Service. istio@86c9f01 pilot/pkg/model/sidecar.go selectServices.
 */
export function servicesFor(mesh: Mesh, client: SidecarClient, host: string): readonly Owner[] | undefined {
  const seen = servicesSeen(mesh, client, host);
  if (!seen) return undefined;
  return listedAtSidecar(mesh, client.namespace, seen).flat();
}
