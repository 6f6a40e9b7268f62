// The facts of a ServiceEntry: where its traffic goes, which objects change it, and which clients may send it.
import { firstOfEach } from '../../base/first-of-each.ts';
import { mostRelated } from '../../base/and-more.ts';
import { policiesAtPods } from '../../eval/authz/gateway-policies.ts';
import { areAllPoliciesKnown, policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf, isDryRun } from '../../eval/authz/evaluate.ts';
import type { Action } from '../../eval/authz/verdict.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { handshakeOf, type Handshake } from '../../mesh/destination-rules/handshake.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind, type ProtocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { upstreamTls, type UpstreamTls } from '../../mesh/destination-rules/upstream-tls.ts';
import {
  destinationRuleFor,
  firstSkippedRules,
  type Candidate,
  type DestinationRuleChoice,
} from '../../mesh/destination-rules/destination-rule-for.ts';
import { virtualAddress, type VirtualAddress } from '../../mesh/hosts/virtual-address.ts';
import { notModelledAt, type NotModelled } from '../../mesh/binding/not-modelled.ts';
import { bindWaypoint, type WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import { hasInboundListener } from '../../mesh/binding/waypoint-gateway.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isRerouted } from '../../mesh/routes/rerouted.ts';
import { isExternal, targetPortsOf } from '../../mesh/hosts/target-ports.ts';
import { plainWays, useOfRule, waysOfRoutes, type SidecarWay } from './sidecar-ways.ts';

export interface EntryFacts {
  readonly kind: 'ServiceEntry';
  readonly entry: Resource<'ServiceEntry'>;
  readonly binding: WaypointBinding;
  readonly hosts: readonly HostFacts[];
  readonly callers: Callers;
  /** The egress gateways through which clients with sidecars come to the host, with their policies. */
  readonly gateways: readonly GatewayCallers[];
}

export interface HostFacts {
  readonly host: Field<string>;
  readonly address: VirtualAddress;
  readonly choice: DestinationRuleChoice;
  /** The first of the rules that are not used. */
  readonly skipped: readonly Candidate[];
  /** Others that declare the same host: which of them counts is not for this entry to say. */
  readonly rivals: readonly (Resource<'ServiceEntry'> | Resource<'Service'>)[];
  /** How many there are besides. */
  readonly moreRivals: number;
  readonly ports: readonly PortFacts[];
  /** Of clients with sidecars, by the routes that name an egress gateway. */
  readonly ways: readonly SidecarWay[];
}

export interface PortFacts {
  readonly port: ServiceEntryPort;
  readonly number: number;
  readonly speaks: ProtocolKind;
  /** The ports at the destination; empty if the files do not show them. */
  readonly targets: readonly number[];
  /** Undefined where a route takes the traffic elsewhere, and for workloads of the mesh, which speak its own mTLS. */
  readonly tls: UpstreamTls | undefined;
  /** Undefined without originated TLS, and where the first bytes decide what the waypoint does. */
  readonly handshake: Handshake | undefined;
}

interface AttachedPolicy {
  readonly policy: Resource<'AuthorizationPolicy'>;
  readonly action: Action;
  /** Evaluated for the log only. */
  readonly dryRun: boolean;
}

/** The clients that may call through the waypoint; if `exhaustive` is false, there may be policies that are not in the files. */
export type Callers =
  | { readonly state: 'judged'; readonly policies: readonly AttachedPolicy[]; readonly exhaustive: boolean }
  /** No waypoint is bound, so nothing judges but the egress gateways on the way. */
  | { readonly state: 'unjudged' }
  /** The waypoint lets no connection in. */
  | { readonly state: 'closed' }
  /** `because`: what is not modelled at the waypoint; undefined where the waypoint is not known. */
  | { readonly state: 'unknown'; readonly because: NotModelled | undefined };

export interface GatewayCallers {
  readonly gateway: EgressGateway;
  readonly policies: readonly AttachedPolicy[];
  readonly exhaustive: boolean;
}

export function entryFacts(mesh: Mesh, entry: Resource<'ServiceEntry'>): EntryFacts {
  const binding = bindWaypoint(mesh, entry);
  const unmodelled = binding.state === 'bound' ? notModelledAt(mesh, binding.gateway, entry, 'no-token') : undefined;
  const hosts = entry.spec.hosts.map((host) => hostFacts(mesh, entry, host, binding));
  return {
    kind: 'ServiceEntry',
    entry,
    binding,
    hosts: unmodelled ? hosts.map(withoutTls) : hosts,
    callers: unmodelled ? { state: 'unknown', because: unmodelled } : callersOf(mesh, entry, binding),
    gateways: gatewaysOf(hosts).map((gateway) => gatewayCallers(mesh, gateway)),
  };
}

function gatewaysOf(hosts: readonly HostFacts[]): readonly EgressGateway[] {
  const taken = hosts.flatMap(({ ways }) =>
    ways.flatMap(({ end, gateway }) => (end === 'through' && gateway ? [gateway] : [])),
  );
  return firstOfEach(taken, ({ host }) => host);
}

/** What the pods of an egress gateway enforce, for all hosts behind it. */
export function gatewayCallers(mesh: Mesh, gateway: EgressGateway): GatewayCallers {
  const { policies, possible, areAllKnown } = policiesAtPods(mesh, gateway);
  return {
    gateway,
    policies: policies.filter(({ refused }) => !refused).map(attached),
    exhaustive: areAllKnown && possible.length === 0,
  };
}

function attached(policy: Resource<'AuthorizationPolicy'>): AttachedPolicy {
  return { policy, action: actionOf(policy), dryRun: isDryRun(policy) };
}

/** For one hover. */
const mostSkipped = 3;

function hostFacts(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: Field<string>,
  binding: WaypointBinding,
): HostFacts {
  const ways = isExternal(entry) ? waysOfRoutes(mesh, entry, host.value) : [];
  return {
    host,
    address: virtualAddress(mesh, entry, host.value),
    choice: destinationRuleFor(mesh, entry, host.value),
    skipped: withoutUsed(firstSkippedRules(mesh, entry, host.value, binding, mostSkipped), () => [
      ...ways,
      ...plainWays(mesh, entry, host.value),
    ]),
    ...rivalsOf(mesh, entry, host.value),
    ways,
    ports: entry.spec.ports.flatMap((port) =>
      port.number ? [portFacts(mesh, entry, host.value, port, port.number.value)] : [],
    ),
  };
}

/** A rule that no waypoint applies may well be one for sidecars or for an egress gateway. */
function withoutUsed(skipped: readonly Candidate[], waysToHost: () => readonly SidecarWay[]): readonly Candidate[] {
  if (!skipped.some(({ passedOver }) => passedOver === 'no-waypoint')) return skipped;
  const ways = waysToHost();
  return skipped.filter(({ rule, passedOver }) => {
    const use = useOfRule(ways, rule);
    return passedOver !== 'no-waypoint' || (use.appliedBy.length === 0 && !use.isByAge);
  });
}

function rivalsOf(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): Pick<HostFacts, 'rivals' | 'moreRivals'> {
  const { first, count } = mesh.derived(`first owners ${normalizeHost(host)}`, (view) => {
    const owners = view.hostOwners(host);
    return { first: owners.slice(0, mostRelated + 1).map(({ resource }) => resource), count: owners.length };
  });
  const rivals = first.filter((owner) => owner.id !== entry.id).slice(0, mostRelated);
  return { rivals, moreRivals: Math.max(0, count - 1 - rivals.length) };
}

/** Nothing is claimed of what a proxy sends that is not modelled. */
function withoutTls(host: HostFacts): HostFacts {
  const ports = host.ports.map(
    (port): PortFacts =>
      port.tls ? { ...port, tls: { state: 'unknown', choice: host.choice }, handshake: undefined } : port,
  );
  return { ...host, ports };
}

function portFacts(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  port: ServiceEntryPort,
  number: number,
): PortFacts {
  const speaks = protocolKind(port.protocol?.value);
  const decided = isExternal(entry) && !isRerouted(mesh, entry, number, normalizeHost(host));
  const tls = decided ? upstreamTls(mesh, entry, port, host) : undefined;
  const bytes = speaks === 'tcp' || speaks === 'tls' ? 'tcp' : undefined;
  const chain = speaks === 'http' ? 'http' : bytes;
  return {
    port,
    number,
    speaks,
    tls,
    targets: targetPortsOf(entry, port).map((target) => target.number),
    handshake: tls?.state === 'originated' && chain ? handshakeOf(tls.source, chain, entry) : undefined,
  };
}

function callersOf(mesh: Mesh, entry: Resource<'ServiceEntry'>, binding: WaypointBinding): Callers {
  if (binding.state === 'unknown') return { state: 'unknown', because: undefined };
  if (binding.state !== 'bound') return { state: 'unjudged' };
  const { gateway } = binding;
  if (hasInboundListener(mesh, gateway) === false) return { state: 'closed' };
  const policies = policiesAt(mesh, gateway, entry).map(attached);
  return { state: 'judged', policies, exhaustive: areAllPoliciesKnown(mesh, gateway, entry) };
}
