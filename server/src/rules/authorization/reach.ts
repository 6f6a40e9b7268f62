// Which entries a policy is enforced for: the waypoint-bound ones that its targetRefs name, or all that use the Gateway they name.
import { filterInSteps } from '../../base/steps.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule, MatchField, ServiceEntryPort, TargetRef } from '../../model/specs.ts';
import { enrolledEntries } from '../shared/waypoint-objects.ts';

type Policy = Resource<'AuthorizationPolicy'>;
type Entry = Resource<'ServiceEntry'>;

export interface Reach {
  readonly entries: readonly Entry[];
  /** False where it may also be enforced for something that is not among the entries. */
  readonly complete: boolean;
}

/** Bound entries that the policy guards. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy. */
export function reachOf(mesh: Mesh, policy: Policy): Reach {
  const parts = policy.spec.targetRefs.map((ref) => reachOfRef(mesh, policy, ref));
  const [only] = parts;
  // Thousands of policies can be for one waypoint: what is made of its entries is kept for the list.
  if (only && parts.length === 1) return only;
  return {
    entries: [...new Set(parts.flatMap(({ entries }) => entries))],
    complete: parts.length > 0 && parts.every(({ complete }) => complete),
  };
}

function reachOfRef(mesh: Mesh, policy: Policy, ref: TargetRef): Reach {
  if (isRefTo(ref, 'networking.istio.io', 'ServiceEntry')) {
    const named = mesh.named('ServiceEntry', policy.namespace, ref.name?.value ?? '');
    return {
      entries: named.filter((entry) => bindWaypoint(mesh, entry).state === 'bound'),
      complete: named.length > 0,
    };
  }
  return isRefTo(ref, 'gateway.networking.k8s.io', 'Gateway')
    ? reachOfGateway(mesh, policy.namespace, ref.name?.value ?? '')
    : { entries: [], complete: false };
}

function reachOfGateway(mesh: Mesh, namespace: string, name: string): Reach {
  return mesh.derived(`reach of Gateway ${namespace}/${name}`, (view) => {
    const waypoints = waypointsCalled(view, namespace, name);
    return {
      entries: waypoints.flatMap((waypoint) => entriesAt(view, waypoint)),
      complete: waypoints.length > 0 && waypoints.every((waypoint) => !servesServices(view, waypoint)),
    };
  });
}

/** The waypoints that a reference names: Gateways of the policy's namespace. */
export function waypointsNamed(mesh: Mesh, policy: Policy, ref: TargetRef): readonly Resource<'Gateway'>[] {
  if (!isRefTo(ref, 'gateway.networking.k8s.io', 'Gateway')) return [];
  return waypointsCalled(mesh, policy.namespace, ref.name?.value ?? '');
}

function waypointsCalled(mesh: Mesh, namespace: string, name: string): readonly Resource<'Gateway'>[] {
  return mesh.named('Gateway', namespace, name).filter((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}

/** Entries that are bound to that waypoint, by their own label or their namespace's. */
export function entriesAt(mesh: Mesh, waypoint: Resource<'Gateway'>): readonly Entry[] {
  const { namespace, name } = waypoint;
  return mesh.derivedInSteps(`entries at ${namespace}/${name}`, (view) =>
    filterInSteps(enrolledEntries(view, waypoint), (entry) => {
      const binding = bindWaypoint(view, entry);
      return binding.state === 'bound' && binding.gateway.namespace === namespace && binding.gateway.name === name;
    }),
  );
}

function servesServices(mesh: Mesh, waypoint: Resource<'Gateway'>): boolean {
  return mesh
    .enrolled(waypoint.namespace, waypoint.name)
    .some(
      (one) => one.kind === 'Service' || (one.kind === 'Namespace' && mesh.inNamespace('Service', one.name).length > 0),
    );
}

function isRefTo(ref: TargetRef, group: string, kind: string): boolean {
  return ref.group?.value === group && ref.kind?.value === kind;
}

/** Ports that the rule can be about: those that its `ports` name, all where it names none. */
export function portsUnder(rule: AuthorizationRule, entry: Entry): readonly ServiceEntryPort[] {
  return entry.spec.ports.filter(({ number }) => number && isForPort(rule, number.value));
}

/** Whether the rule names the port, or no ports at all. */
export function isForPort(rule: AuthorizationRule, port: number): boolean {
  const restricted = rule.to.length > 0 && rule.to.every(({ fields }) => fields.some(({ name }) => name === 'ports'));
  return (
    !restricted || fieldsNamed(rule, 'ports').some(({ values }) => values.some(({ value }) => Number(value) === port))
  );
}

/** The field's lists in the rule's `from` and `to`. */
export function fieldsNamed(rule: AuthorizationRule, name: string): readonly MatchField[] {
  return [...rule.from, ...rule.to].flatMap(({ fields }) => fields.filter((field) => field.name === name));
}

/** Whether what arrives on the port is judged as a connection, never as requests. */
export function isTcpChain({ protocol }: ServiceEntryPort): boolean {
  return ['tls', 'tcp'].includes(protocolKind(protocol?.value));
}
