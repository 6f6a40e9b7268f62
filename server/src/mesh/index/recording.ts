// The queries of `Mesh`, each with the key that it depends on.
import type { Kind } from '../../model/kinds.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { hostMatches, normalizeHost, fullHost } from '../../names/hosts.ts';
import type { DataPlaneLabel } from '../../model/label-names.ts';
import { factPrefix, type How, type KnownKey } from './fact.ts';
import { gatewayLabels, hostsOf, indexedSuffix, keys } from './keys.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { nearKey } from './near-hosts.ts';
import type { MeshSettings } from '../settings.ts';
import { ruleHost } from '../destination-rules/rule-host.ts';

/** What views of one index share. `L` is what counts in a view, and `record` is told every key that an answer depends on. */
export interface ViewSource<L> {
  readonly settings: MeshSettings;
  /** Records the key and gives what is found under it, or the first of that. */
  readonly read: (look: L, record: Recording, key: string, most?: number) => readonly Resource[];
  readonly derived: (look: L, record: Recording, view: Mesh, key: string, how: How) => unknown;
  readonly knows: (look: L, record: Recording, kind: Kind, namespace: string | undefined) => boolean;
  readonly discovers: (look: L, record: Recording, namespace: string) => boolean | undefined;
  readonly nearestName: Mesh['nearestName'];
  readonly nearestHost: Mesh['nearestHost'];
}

/** Gives the key as it is kept. Undefined in views that nobody keeps account of. */
export type Recording = ((key: string) => KnownKey) | undefined;

/** One is made for each fact and each subject, so it has no functions of its own. */
export class MeshView<L> implements Mesh {
  readonly settings: MeshSettings;
  readonly countingRefused?: NonNullable<Mesh['countingRefused']>;
  readonly #source: ViewSource<L>;
  readonly #look: L;
  readonly #record: Recording;

  constructor(source: ViewSource<L>, look: L, record: Recording, countingRefused?: Mesh['countingRefused']) {
    this.settings = source.settings;
    this.#source = source;
    this.#look = look;
    this.#record = record;
    if (countingRefused) this.countingRefused = countingRefused;
  }

  named<K extends Kind>(kind: K, namespace: string, name: string) {
    return this.#read<K>(keys.named(kind, namespace, name));
  }

  inNamespace<K extends Kind>(kind: K, namespace: string) {
    return this.#read<K>(keys.inNamespace(kind, namespace));
  }

  hostOwners(host: string) {
    const wanted = normalizeHost(host);
    return exactOwners(this.#readAny<'ServiceEntry' | 'Service'>(keys.host(wanted)), wanted);
  }

  hostOwnersUnder(suffix: string): readonly HostOwner[] {
    const wanted = normalizeHost(suffix);
    return this.#readAny<'ServiceEntry' | 'Service'>(keys.under(indexedSuffix(wanted))).flatMap((resource) =>
      hostsOf(resource, this.settings.clusterDomain)
        .filter((own) => own.endsWith(wanted))
        .map((host) => ({ resource, host })),
    );
  }

  destinationRules(namespace: string, host: string) {
    return this.#read<'DestinationRule'>(keys.rules(namespace, normalizeHost(host)));
  }

  destinationRulesUnder(namespace: string, suffix: string) {
    const wanted = normalizeHost(suffix);
    return this.#read<'DestinationRule'>(keys.rulesUnder(namespace, indexedSuffix(wanted))).filter((rule) =>
      ruleHost(rule, this.settings.clusterDomain).endsWith(wanted),
    );
  }

  partialWildcardRules(namespace: string | undefined, host: string) {
    return this.#read<'DestinationRule'>(
      namespace === undefined ? keys.partialRulesAnywhere : keys.partialRules(namespace),
    ).filter((rule) => hostMatches(ruleHost(rule, this.settings.clusterDomain), host));
  }

  destinationRulesAnywhere(host: string) {
    return this.#read<'DestinationRule'>(keys.rulesAnywhere(normalizeHost(host)));
  }

  targeting(kind: Kind, namespace: string, name: string) {
    return this.#readAny<'AuthorizationPolicy' | 'Telemetry' | 'BackendTLSPolicy'>(keys.target(kind, namespace, name));
  }

  extensionsOf(kind: Kind, namespace: string, name: string) {
    return this.#read<'ProxyExtension'>(keys.extensions(kind, namespace, name));
  }

  routesTo(kind: Kind, namespace: string, name: string) {
    return this.#readAny<AnyRoute>(keys.parent(kind, namespace, name));
  }

  virtualServices(host: string) {
    return this.#read<'VirtualService'>(keys.virtualServices(normalizeHost(host)));
  }

  virtualServicesUnder(suffix: string) {
    const wanted = normalizeHost(suffix);
    return this.#read<'VirtualService'>(keys.virtualServicesUnder(indexedSuffix(wanted))).filter(
      ({ spec, namespace }) =>
        spec.hosts.some(({ value }) => fullHost(value, namespace, this.settings.clusterDomain).endsWith(wanted)),
    );
  }

  virtualServicesRoutingTo(host: string) {
    return this.#read<'VirtualService'>(keys.virtualServicesTo(normalizeHost(host)));
  }

  routesToHost(host: string) {
    return this.#readAny<AnyRoute>(keys.backend(normalizeHost(host)));
  }

  gatewaysSelecting(labels: ReadonlyMap<string, string>) {
    return [
      ...new Set(
        [...new Set(['', ...gatewayLabels(labels)])].flatMap((label) =>
          this.#read<'IstioGateway'>(keys.gateways(label)),
        ),
      ),
    ];
  }

  enrolled(namespace: string, name: string) {
    return this.#readAny<'ServiceEntry' | 'Service' | 'Namespace'>(keys.waypoint(namespace, name));
  }

  ownersOnHttpPort(number: number) {
    return this.#readAny<'ServiceEntry' | 'Service' | 'Gateway'>(keys.httpPort(number));
  }

  firstOwnersOnHttpPort(number: number, most: number) {
    return this.#readAny<'ServiceEntry' | 'Service' | 'Gateway'>(keys.httpPort(number), most);
  }

  entriesOnTcpPort(number: number) {
    return this.#read<'ServiceEntry'>(keys.tcpPort(number));
  }

  entriesAtAddress(network: string) {
    return this.#read<'ServiceEntry'>(keys.address(network));
  }

  endpointsAtAddress(network: string) {
    return this.#readAny<'ServiceEntry' | 'WorkloadEntry'>(keys.endpoint(network));
  }

  namespacesLabelled(label: DataPlaneLabel) {
    return this.#read<'Namespace'>(keys.labelled(label));
  }

  knows(kind: Kind, namespace?: string) {
    this.#record?.(keys.knows(kind, ''));
    this.#source.read(
      this.#look,
      this.#record,
      namespace === undefined ? keys.knowsAnywhere(kind) : keys.knows(kind, namespace),
    );
    return this.#source.knows(this.#look, this.#record, kind, namespace);
  }

  discovers(namespace: string) {
    return this.#source.discovers(this.#look, this.#record, namespace);
  }

  nearestName(kind: Kind, namespace: string | undefined, name: string) {
    this.#record?.(nearKey(kind, namespace));
    return this.#source.nearestName(kind, namespace, name);
  }

  nearestHost(host: string) {
    this.#record?.(keys.under(''));
    return this.#source.nearestHost(host);
  }

  all<K extends Kind>(kind: K) {
    return this.#read<K>(keys.all(kind));
  }

  /** One key has one way to work it out, so the value is of its type, and so is what that is given. */
  derived<T>(key: string, compute: (mesh: Mesh) => T): T {
    return this.#derived(key, { compute, steps: undefined, of: undefined });
  }

  derivedOf<O, T>(key: string, of: O, compute: (mesh: Mesh, of: O) => T): T {
    return this.#derived(key, { compute: compute as How['compute'], steps: undefined, of });
  }

  derivedInSteps<T>(key: string, steps: (mesh: Mesh) => Generator<undefined, T>): T {
    return this.#derived(key, { compute: undefined, steps, of: undefined });
  }

  derivedOfInSteps<O, T>(key: string, of: O, steps: (mesh: Mesh, of: O) => Generator<undefined, T>): T {
    return this.#derived(key, { compute: undefined, steps: steps as How['steps'], of });
  }

  #derived<T>(key: string, how: How): T {
    return this.#source.derived(this.#look, this.#record, this, factPrefix + key, how) as T;
  }

  /** The kinds under a key are those that `keys.ts` puts there. */
  #read<K extends Kind>(key: string): readonly Resource<K>[] {
    return this.#source.read(this.#look, this.#record, key) as readonly unknown[] as readonly Resource<K>[];
  }

  #readAny<K extends Kind>(key: string, most?: number): readonly AnyResource<K>[] {
    return this.#source.read(this.#look, this.#record, key, most) as readonly unknown[] as readonly AnyResource<K>[];
  }
}

type AnyRoute = 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute';

/** By the list that the index gives for a host, which stands until one of its members changes. */
const known = new WeakMap<readonly Resource[], readonly HostOwner[]>();

/** All of them have the host. */
function exactOwners(found: readonly HostOwner['resource'][], host: string): readonly HostOwner[] {
  const made = known.get(found) ?? found.map((resource) => ({ resource, host }));
  if (found.length > 1) known.set(found, made);
  return made;
}
