// The keys of a resource in the index. Indexing, lookup, recording and invalidation all use this module, so they cannot
// differ.
import { allKinds } from '../../model/kind-of.ts';
import type { Kind } from '../../model/kinds.ts';
import { dataPlaneLabels, type DataPlaneLabel } from '../../model/label-names.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { BackendRef, ParentRef, RouteDestination, TargetRef } from '../../model/specs.ts';
import { isPartialWildcard, normalizeHost, serviceHost, suffixesOf, fullHost } from '../../names/hosts.ts';
import { useWaypointOn } from '../binding/use-waypoint.ts';
import { ruleHost } from '../destination-rules/rule-host.ts';
import { hostsOfEntry } from '../hosts/hosts-of-entry.ts';
import { endpointAddresses, networkKeys } from './network-keys.ts';
import {
  hasHttpEntryPort,
  httpEntryPorts,
  httpListenerPorts,
  httpServicePorts,
  tcpEntryPorts,
} from './port-numbers.ts';

const allOfKind = Object.fromEntries(allKinds.map((kind) => [kind, `${kind}@`])) as Readonly<Record<Kind, string>>;

export const keys = {
  named: (kind: Kind, namespace: string, name: string) => `${kind}/${namespace}/${name}`,
  ofName: ({ kind, namespace, name }: Resource) => `${kind}/${namespace}/${name}`,
  inNamespace: (kind: Kind, namespace: string) => `${kind}@${namespace}`,
  /** For kinds without a namespace the same as `inNamespace`. */
  all: (kind: Kind) => allOfKind[kind],
  host: (host: string) => `host=${host}`,
  under: (suffix: string) => `under=${suffix}`,
  rules: (namespace: string, host: string) => `dr@${namespace}=${host}`,
  rulesUnder: (namespace: string, suffix: string) => `dr@${namespace}<${suffix}`,
  partialRules: (namespace: string) => `dr@${namespace}*`,
  partialRulesAnywhere: 'dr*',
  rulesAnywhere: (host: string) => `dr=${host}`,
  target: (kind: Kind, namespace: string, name: string) => `target=${kind}/${namespace}/${name}`,
  /** Extensions of proxies whose targetRefs name it. */
  extensions: (kind: Kind, namespace: string, name: string) => `extends=${kind}/${namespace}/${name}`,
  parent: (kind: Kind, namespace: string, name: string) => `parent=${kind}/${namespace}/${name}`,
  virtualServices: (host: string) => `vs=${host}`,
  virtualServicesUnder: (suffix: string) => `vs<${suffix}`,
  virtualServicesTo: (host: string) => `vs>${host}`,
  labelled: (label: DataPlaneLabel) => `label=${label}`,
  backend: (host: string) => `backend=${host}`,
  waypoint: (namespace: string, name: string) => `waypoint=${namespace}/${name}`,
  /** The empty label means Gateways that select every gateway pod. */
  gateways: (label: string) => `gateways=${label}`,
  /** A TCP port of ServiceEntries without addresses, or one whose protocol is detected. */
  tcpPort: (number: number) => `tcp=${number}`,
  /** An address or a range of ServiceEntries, as `networkOf` writes it. */
  address: (network: string) => `address=${network}`,
  /** The address of an endpoint of ServiceEntries, or of WorkloadEntries, as `networkOf` writes it. */
  endpoint: (network: string) => `endpoint=${network}`,
  /** A port of HTTP, of ServiceEntries and Services, or one whose protocol is detected, of ServiceEntries without addresses. */
  httpPort: (number: number) => `http=${number}`,
  knows: (kind: Kind, namespace: string) => `knows=${kind}@${namespace}`,
  /** For queries about a kind in all namespaces. */
  knowsAnywhere: (kind: Kind) => `knows=${kind}@*`,
};

/** The suffix after the first dot; the index also finds wider suffixes. */
export function indexedSuffix(suffix: string): string {
  const dot = suffix.indexOf('.');
  return dot < 0 ? '' : suffix.slice(dot);
}

/** All keys that a look-up can find the resource under; one may come twice. */
export function indexKeys(resource: AnyResource, clusterDomain: string): readonly string[] {
  const { kind, namespace, name } = resource;
  const named = keys.named(kind, namespace, name);
  const own = ownKeys(resource, clusterDomain);
  const all = keys.all(kind);
  return namespace === '' ? [named, all, ...own] : [named, keys.inNamespace(kind, namespace), all, ...own];
}

/** The hosts that a resource answers for, as they are compared. */
export function hostsOf(resource: Resource, clusterDomain: string): readonly string[] {
  const own = resource as AnyResource;
  if (own.kind === 'Service') return [normalizeHost(serviceHost(own, clusterDomain))];
  return own.kind === 'ServiceEntry' ? hostsOfEntry(own) : [];
}

function ownKeys(resource: AnyResource, domain: string): readonly string[] {
  switch (resource.kind) {
    case 'Namespace':
      return [...waypointKeys(resource), ...labelKeys(resource)];
    case 'Service':
      return [
        ...hostKeys(hostsOf(resource, domain)),
        ...waypointKeys(resource),
        ...httpServicePorts(resource).map(keys.httpPort),
      ];
    case 'ServiceEntry':
      return [
        ...hostKeys(hostsOf(resource, domain)),
        ...waypointKeys(resource),
        ...tcpEntryPorts(resource).map(keys.tcpPort),
        ...networkKeys(resource.spec.addresses, keys.address),
        ...networkKeys(endpointAddresses(resource), keys.endpoint),
        ...httpEntryPorts(resource).map(keys.httpPort),
      ];
    case 'DestinationRule':
      return destinationRuleKeys(resource, domain);
    case 'VirtualService':
      return virtualServiceKeys(resource, domain);
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TLSRoute':
    case 'TCPRoute':
      return routeKeys(resource);
    case 'AuthorizationPolicy':
    case 'Telemetry':
    case 'BackendTLSPolicy':
      return resource.spec.targetRefs.flatMap((ref) => targetKeys(resource, ref, keys.target));
    default:
      return proxyKeys(resource);
  }
}

function proxyKeys(resource: AnyResource): readonly string[] {
  switch (resource.kind) {
    case 'Gateway':
      return httpListenerPorts(resource).map(keys.httpPort);
    case 'WorkloadEntry':
      return networkKeys(endpointAddresses(resource), keys.endpoint);
    case 'IstioGateway':
      return gatewayLabels(resource.spec.selector).map(keys.gateways);
    case 'ProxyExtension':
      return resource.spec.targetRefs.flatMap((ref) => targetKeys(resource, ref, keys.extensions));
    default:
      return [];
  }
}

/** The labels of a selector, each as text. */
export function gatewayLabels(selector: ReadonlyMap<string, string>): readonly string[] {
  return selector.size === 0 ? [''] : [...selector].map(([key, value]) => `${key}=${value}`);
}

/** Hosts of one domain share its suffixes. */
function hostKeys(hosts: readonly string[]): readonly string[] {
  const found = hosts.map(keys.host);
  const suffixes = new Set<string>();
  for (const host of hosts) for (const suffix of suffixesOf(host)) suffixes.add(suffix);
  for (const suffix of suffixes) found.push(keys.under(suffix));
  return found;
}

function waypointKeys(
  resource: Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Namespace'>,
): readonly string[] {
  const label = useWaypointOn(resource);
  return label && label.name !== 'none' ? [keys.waypoint(label.namespace, label.name)] : [];
}

/** Whether it is found among those that list the number as a port for HTTP. */
export function hasHttpPort(owner: Resource<'ServiceEntry'> | Resource<'Service'>, number: number): boolean {
  return owner.kind === 'Service' ? httpServicePorts(owner).includes(number) : hasHttpEntryPort(owner, number);
}

function labelKeys({ labels }: Resource<'Namespace'>): readonly string[] {
  return dataPlaneLabels.filter((label) => labels.has(label)).map(keys.labelled);
}

function destinationRuleKeys(rule: Resource<'DestinationRule'>, domain: string): readonly string[] {
  const host = ruleHost(rule, domain);
  if (host === '') return [];
  const found = [
    keys.rules(rule.namespace, host),
    keys.rulesAnywhere(host),
    ...suffixesOf(host).map((suffix) => keys.rulesUnder(rule.namespace, suffix)),
  ];
  return isPartialWildcard(host) ? [...found, keys.partialRules(rule.namespace), keys.partialRulesAnywhere] : found;
}

function virtualServiceKeys({ namespace, spec }: Resource<'VirtualService'>, domain: string): readonly string[] {
  const full = (host: string) => fullHost(host, namespace, domain);
  const destinations = [...spec.http, ...spec.tls, ...spec.tcp].flatMap(({ destinations: to, mirrors }) => [
    ...to,
    ...mirrors,
  ]);
  return [
    ...spec.hosts.flatMap(({ value }) => [
      keys.virtualServices(full(value)),
      ...suffixesOf(full(value)).map(keys.virtualServicesUnder),
    ]),
    ...destinations.flatMap(({ host }: RouteDestination) => (host ? [keys.virtualServicesTo(full(host.value))] : [])),
  ];
}

function routeKeys({
  namespace,
  spec,
}: Resource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>): readonly string[] {
  return [
    ...spec.parentRefs.flatMap((ref) => parentKeys(ref, namespace)),
    ...spec.rules.flatMap((rule) => rule.backendRefs.flatMap(backendKeys)),
  ];
}

function parentKeys(ref: ParentRef, namespace: string): readonly string[] {
  const kind = referencedKind(ref.group?.value ?? gatewayApi, ref.kind?.value ?? 'Gateway');
  return kind && ref.name ? [keys.parent(kind, ref.namespace?.value ?? namespace, ref.name.value)] : [];
}

function backendKeys({ group, kind, name }: BackendRef): readonly string[] {
  if (group?.value !== networking || kind?.value !== 'Hostname' || !name) return [];
  return [keys.backend(normalizeHost(name.value))];
}

/** Whether it is found among the extensions of the object. */
export function isAttachedTo(
  extension: Resource<'ProxyExtension'>,
  kind: Kind,
  namespace: string,
  name: string,
): boolean {
  const key = keys.extensions(kind, namespace, name);
  return extension.spec.targetRefs.some((ref) => targetKeys(extension, ref, keys.extensions).includes(key));
}

/** A reference reaches its policy's own namespace only. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy. */
function targetKeys(policy: Pick<Resource, 'namespace'>, ref: TargetRef, keyOf: typeof keys.target): readonly string[] {
  const kind = referencedKind(ref.group?.value ?? '', ref.kind?.value ?? '');
  if (!kind || !ref.name || (ref.namespace && ref.namespace.value !== policy.namespace)) return [];
  return [keyOf(kind, kind === 'GatewayClass' ? '' : policy.namespace, ref.name.value)];
}

const gatewayApi = 'gateway.networking.k8s.io';
const networking = 'networking.istio.io';

/** The model's kind for a reference's group and kind. istio@86c9f01 pkg/config/validation/validation.go allowedTargetRefs. */
function referencedKind(group: string, kind: string): Kind | undefined {
  if (kind === 'Service') return group === '' || group === 'core' ? 'Service' : undefined;
  if (kind === 'ServiceEntry') return group === networking ? 'ServiceEntry' : undefined;
  if (kind === 'Gateway' || kind === 'GatewayClass') return group === gatewayApi ? kind : undefined;
  return undefined;
}
