// The queries of `Mesh`, each with the key that it depends on.
import type { Kind } from '../../model/kinds.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { hostMatches, normalizeHost, fullHost } from '../../names/hosts.ts';
import { factPrefix } from './fact.ts';
import { drained } from '../../base/steps.ts';
import { gatewayLabels, hostsOf, indexedSuffix, keys } from './keys.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import type { MeshSettings } from '../settings.ts';
import { ruleHost } from '../destination-rules/rule-host.ts';

export interface ViewSource {
  readonly settings: MeshSettings;
  /** Records the key and gives what is found under it, or the first of that. */
  readonly read: (key: string, most?: number) => readonly Resource[];
  readonly record: (key: string) => void;
  /** `steps` are the same work, for who has no time for all of it at once. */
  readonly derived: (
    key: string,
    compute: (mesh: Mesh) => unknown,
    steps?: (mesh: Mesh) => Generator<undefined, unknown>,
  ) => unknown;
  readonly knows: (kind: Kind, namespace: string | undefined) => boolean;
  readonly discovers: Mesh['discovers'];
  readonly nearestName: Mesh['nearestName'];
  readonly nearestHost: Mesh['nearestHost'];
}

export function meshView(source: ViewSource): Mesh {
  const { settings } = source;
  const domain = settings.clusterDomain;
  /** The kinds under a key are those that `keys.ts` puts there. */
  const read = <K extends Kind>(key: string) => source.read(key) as readonly unknown[] as readonly Resource<K>[];
  const readAny = <K extends Kind>(key: string, most?: number) =>
    source.read(key, most) as readonly unknown[] as readonly AnyResource<K>[];
  const owners = (key: string, matches: (host: string) => boolean): readonly HostOwner[] =>
    readAny<'ServiceEntry' | 'Service'>(key).flatMap((resource) =>
      hostsOf(resource, domain)
        .filter(matches)
        .map((host) => ({ resource, host })),
    );

  return {
    settings,
    named: (kind, namespace, name) => read(keys.named(kind, namespace, name)),
    inNamespace: (kind, namespace) => read(keys.inNamespace(kind, namespace)),
    hostOwners: (host) => {
      const wanted = normalizeHost(host);
      return exactOwners(readAny<'ServiceEntry' | 'Service'>(keys.host(wanted)), wanted);
    },
    hostOwnersUnder: (suffix) => {
      const wanted = normalizeHost(suffix);
      return owners(keys.under(indexedSuffix(wanted)), (own) => own.endsWith(wanted));
    },
    destinationRules: (namespace, host) => read(keys.rules(namespace, normalizeHost(host))),
    destinationRulesUnder: (namespace, suffix) => {
      const wanted = normalizeHost(suffix);
      return read<'DestinationRule'>(keys.rulesUnder(namespace, indexedSuffix(wanted))).filter((rule) =>
        ruleHost(rule, domain).endsWith(wanted),
      );
    },
    partialWildcardRules: (namespace, host) =>
      read<'DestinationRule'>(
        namespace === undefined ? keys.partialRulesAnywhere : keys.partialRules(namespace),
      ).filter((rule) => hostMatches(ruleHost(rule, domain), host)),
    destinationRulesAnywhere: (host) => read(keys.rulesAnywhere(normalizeHost(host))),
    targeting: (kind, namespace, name) => readAny(keys.target(kind, namespace, name)),
    extensionsOf: (kind, namespace, name) => read(keys.extensions(kind, namespace, name)),
    routesTo: (kind, namespace, name) => readAny(keys.parent(kind, namespace, name)),
    virtualServices: (host) => read(keys.virtualServices(normalizeHost(host))),
    virtualServicesUnder: (suffix) => {
      const wanted = normalizeHost(suffix);
      return read<'VirtualService'>(keys.virtualServicesUnder(indexedSuffix(wanted))).filter(({ spec, namespace }) =>
        spec.hosts.some(({ value }) => fullHost(value, namespace, domain).endsWith(wanted)),
      );
    },
    virtualServicesRoutingTo: (host) => read(keys.virtualServicesTo(normalizeHost(host))),
    routesToHost: (host) => readAny(keys.backend(normalizeHost(host))),
    gatewaysSelecting: (labels) => [
      ...new Set(
        [...new Set(['', ...gatewayLabels(labels)])].flatMap((label) => read<'IstioGateway'>(keys.gateways(label))),
      ),
    ],
    enrolled: (namespace, name) => readAny(keys.waypoint(namespace, name)),
    ownersOnHttpPort: (number) => readAny(keys.httpPort(number)),
    firstOwnersOnHttpPort: (number, most) => readAny(keys.httpPort(number), most),
    entriesOnTcpPort: (number) => read(keys.tcpPort(number)),
    namespacesLabelled: (label) => read(keys.labelled(label)),
    knows: (kind, namespace) => {
      source.record(keys.knows(kind, ''));
      source.read(namespace === undefined ? keys.knowsAnywhere(kind) : keys.knows(kind, namespace));
      return source.knows(kind, namespace);
    },
    discovers: source.discovers,
    nearestName: source.nearestName,
    nearestHost: source.nearestHost,
    all: (kind) => read(keys.all(kind)),
    /** One key has one way to work it out, so the value is of its type. */
    derived: <T>(key: string, compute: (mesh: Mesh) => T) => source.derived(factPrefix + key, compute) as T,
    derivedInSteps: <T>(key: string, steps: (mesh: Mesh) => Generator<undefined, T>) =>
      source.derived(factPrefix + key, (view) => drained(steps(view)), steps) as T,
  };
}

/** By the list that the index gives for a host, which stands until one of its members changes. */
const known = new WeakMap<readonly Resource[], readonly HostOwner[]>();

/** All of them have the host. */
function exactOwners(found: readonly HostOwner['resource'][], host: string): readonly HostOwner[] {
  const made = known.get(found) ?? found.map((resource) => ({ resource, host }));
  if (found.length > 1) known.set(found, made);
  return made;
}
