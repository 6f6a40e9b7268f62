// The queries on the index, for rules, traces and hovers.
// Every query records its key, so that an edit re-runs only the readers of the changed keys.
import type { Kind } from '../model/kinds.ts';
import type { DataPlaneLabel } from '../model/label-names.ts';
import type { AnyResource, Resource } from '../model/resource.ts';
import type { MeshSettings } from './settings.ts';

export interface Mesh {
  readonly settings: MeshSettings;

  /** All resources of that kind, namespace and name; more than one means a duplicate. Key `Kind/ns/name`. */
  readonly named: <K extends Kind>(kind: K, namespace: string, name: string) => readonly Resource<K>[];

  /** All of one kind in one namespace. Key `Kind@ns`: use it only where the answer really depends on all of them. */
  readonly inNamespace: <K extends Kind>(kind: K, namespace: string) => readonly Resource<K>[];

  /**
   * ServiceEntries that list exactly this host (`*.x` is the wildcard itself), and Services whose full name it is.
   * Hosts compare in lower case. Key `host=HOST`.
   */
  readonly hostOwners: (host: string) => readonly HostOwner[];

  /** Those with any host under a suffix (`.example.com`; the empty suffix is everything). Key `under=SUFFIX`. */
  readonly hostOwnersUnder: (suffix: string) => readonly HostOwner[];

  /** DestinationRules of a namespace whose host, short names expanded, is exactly this one (`*`, `*.org` and exact alike). Key `dr@ns=HOST`. */
  readonly destinationRules: (namespace: string, host: string) => readonly Resource<'DestinationRule'>[];

  /** DestinationRules of a namespace whose host ends with a suffix. Key `dr@ns<SUFFIX`. */
  readonly destinationRulesUnder: (namespace: string, suffix: string) => readonly Resource<'DestinationRule'>[];

  /** DestinationRules of a namespace, or of any, whose host is a star and the end of this one without a dot between (`*in.org`). Key `dr@ns*`, `dr*`. */
  readonly partialWildcardRules: (
    namespace: string | undefined,
    host: string,
  ) => readonly Resource<'DestinationRule'>[];

  /** DestinationRules anywhere whose host is exactly this one. Key `dr=HOST`. */
  readonly destinationRulesAnywhere: (host: string) => readonly Resource<'DestinationRule'>[];

  /** Policies and Telemetries whose targetRefs name that object (kind as a model kind). Key `target=Kind/ns/name`. */
  readonly targeting: (
    kind: Kind,
    namespace: string,
    name: string,
  ) => readonly (Resource<'AuthorizationPolicy'> | Resource<'Telemetry'> | Resource<'BackendTLSPolicy'>)[];

  /** EnvoyFilters, WasmPlugins and other extensions of proxies whose targetRefs name that object. Key `extends=Kind/ns/name`. */
  readonly extensionsOf: (kind: Kind, namespace: string, name: string) => readonly Resource<'ProxyExtension'>[];

  /** Routes whose parentRefs name that object. Key `parent=Kind/ns/name`. */
  readonly routesTo: (
    kind: Kind,
    namespace: string,
    name: string,
  ) => readonly AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>[];

  /** VirtualServices that list exactly this host (short names expanded). Key `vs=HOST`. */
  readonly virtualServices: (host: string) => readonly Resource<'VirtualService'>[];

  /** VirtualServices with any host under a suffix. Key `vs<SUFFIX`. */
  readonly virtualServicesUnder: (suffix: string) => readonly Resource<'VirtualService'>[];

  /** VirtualServices anywhere with a route to this host (short names expanded). Key `vs>HOST`. */
  readonly virtualServicesRoutingTo: (host: string) => readonly Resource<'VirtualService'>[];

  /** HTTPRoutes and the like with a `Hostname` backend of this name. Key `backend=HOST`. */
  readonly routesToHost: (host: string) => readonly AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>[];

  /** ServiceEntries, Services and Namespaces whose own `use-waypoint` label names that Gateway. Key `waypoint=ns/name`. */
  readonly enrolled: (
    namespace: string,
    name: string,
  ) => readonly (Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Namespace'>)[];

  /** ServiceEntries that list a TCP port of that number, and no address. Key `tcp=NUMBER`. */
  readonly entriesOnTcpPort: (number: number) => readonly Resource<'ServiceEntry'>[];

  /** ServiceEntries that list this address, or this very range, as `networkOf` writes it. Key `address=NETWORK`. */
  readonly entriesAtAddress: (network: string) => readonly Resource<'ServiceEntry'>[];

  /** ServiceEntries with an endpoint of this address, and WorkloadEntries with it, as `networkOf` writes it. Key `endpoint=NETWORK`. */
  readonly endpointsAtAddress: (network: string) => readonly AnyResource<'ServiceEntry' | 'WorkloadEntry'>[];

  /** ServiceEntries and Services that list a port of that number for HTTP, and Gateways for whose listeners a Service can be made. Key `http=NUMBER`. */
  readonly ownersOnHttpPort: (number: number) => readonly AnyResource<'ServiceEntry' | 'Service' | 'Gateway'>[];

  /** The first of them. The same key. */
  readonly firstOwnersOnHttpPort: (
    number: number,
    most: number,
  ) => readonly AnyResource<'ServiceEntry' | 'Service' | 'Gateway'>[];

  /** Namespaces that carry that label, with any value. Key `label=NAME`. */
  readonly namespacesLabelled: (label: DataPlaneLabel) => readonly Resource<'Namespace'>[];

  /**
   * Istio Gateways of any namespace whose selector has one of these labels, or none at all. Key `gateways=KEY=VALUE`, and
   * `gateways=` for those with none.
   */
  readonly gatewaysSelecting: (labels: ReadonlyMap<string, string>) => readonly Resource<'IstioGateway'>[];

  /**
   * Whether a missing resource of that kind (in that namespace, where it matters) proves that it does not exist
   * (server/src/rules/README.md, "When a missing resource is a finding"). Without a namespace: whether it proves that there is none in any.
   * Keys `knows=Kind@` and `knows=Kind@ns` (`knows=Kind@*` without a namespace).
   */
  readonly knows: (kind: Kind, namespace?: string) => boolean;

  /**
   * Whether istiod watches a namespace; undefined if `discoverySelectors` need labels that no manifest shows.
   * No query here finds resources of a namespace that istiod may not watch, and `knows` accounts for it:
   * it is true where the namespace is surely left out. Key `Namespace//ns`.
   */
  readonly discovers: (namespace: string) => boolean | undefined;

  /** The name nearest to `name` among that kind's in the namespace (all namespaces where it is undefined), for suggestions. Key `Kind@ns` or `Kind@`. */
  readonly nearestName: (kind: Kind, namespace: string | undefined, name: string) => string | undefined;

  /** The host nearest to `host` among ServiceEntries and Services. Key `under=`, so what rests on it is a derived fact (`rules/shared/known-hosts.ts`). */
  readonly nearestHost: (host: string) => string | undefined;

  /** Every resource of a kind: for reports and the engine only, never for rules. Key `Kind@`. */
  readonly all: <K extends Kind>(kind: K) => readonly Resource<K>[];

  /**
   * A fact that many ask for, worked out once and again only after an edit of what it rests on. The key names the question and all that
   * `compute` uses besides the mesh it is given; the value is plain data, which is compared after edits. Key `?KEY`.
   */
  readonly derived: <T>(key: string, compute: (mesh: Mesh) => T) => T;

  /**
   * The same with a function of a module, which is given `of` besides: for a fact that there is for each host or resource, as a closure
   * takes as much memory as the rest of it.
   */
  readonly derivedOf: <O, T>(key: string, of: O, compute: (mesh: Mesh, of: O) => T) => T;

  /** Both. */
  readonly derivedOfInSteps: <O, T>(key: string, of: O, steps: (mesh: Mesh, of: O) => Generator<undefined, T>) => T;

  /** The same as `derived` for what can take long where much is shared: after an edit, other work comes between the steps. */
  readonly derivedInSteps: <T>(key: string, steps: (mesh: Mesh) => Generator<undefined, T>) => T;

  /**
   * Where what the API server refuses is left out here: the same mesh with that of it for which `counts` says so, asked
   * whenever one is found. Undefined where nothing is left out.
   */
  readonly countingRefused?: (counts: (resource: Resource) => boolean) => Mesh;
}

export interface HostOwner {
  readonly resource: Resource<'ServiceEntry'> | Resource<'Service'>;
  /** Which of its hosts, lower case. */
  readonly host: string;
}
