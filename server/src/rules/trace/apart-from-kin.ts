// ServiceEntries that name no waypoint beside one that does, of which one has a wildcard that covers the other's host.
import { filterInSteps } from '../../base/steps.ts';
import { bindWaypoint, waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import { useWaypoint } from '../../model/label-names.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { IsReported, RuleFinding } from '../rule.ts';
import { bound, boundOwners, isUnlabelled, type Bound } from '../shared/waypoint-objects.ts';
import { tracesOf, type Traced } from './declared-traces.ts';
import { rulesForBypass } from './rules-by-cause.ts';

type Entry = Resource<'ServiceEntry'>;

export interface WaypointData {
  /** The one that no label of the entry names; undefined where it does not admit the entry. */
  readonly waypoint: { readonly namespace: string; readonly name: string } | undefined;
}

interface Kin {
  readonly host: Field<string>;
  /** What the other has. */
  readonly other: string;
  readonly bound: Bound;
  readonly isWider: boolean;
}

/**
 * Each host is a service of its own, and the most exact one takes a request, with the waypoint that it names itself. The wider one is told as a
 * warning where it is the waypoint's: an exact entry takes requests away from it. istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go
 * constructServiceEntries; pkg/dns/client/dns.go LookupHost.
 */
export function* apartFromKin(
  mesh: Mesh,
  entry: Entry,
  isReported: IsReported,
): Generator<RuleFinding<WaypointData> | undefined> {
  const binding = bindWaypoint(mesh, entry);
  if (!isUnlabelled(binding)) return;
  const kin = kinOf(mesh, entry);
  if (!kin || isReported(entry, [...rulesForBypass, 'dynamic-dns-without-waypoint'])) return;
  const past = yield* filterInSteps(tracesOf(mesh, entry), isPast);
  if (past.length === 0) return;
  const { host, other, isWider } = kin;
  const { gateway, entry: owner } = kin.bound;
  const { namespace, name } = gateway;
  const condition =
    binding.state === 'unknown'
      ? ` unless Namespace ${entry.namespace}, which is not in these files, carries the label ${useWaypoint}`
      : '';
  yield {
    at: host.span,
    message: isWider
      ? `Requests to ${host.value} bypass waypoint ${namespace}/${name}${condition}: it is used for ${other}, but ${describe(entry)} has this host itself and no label ${useWaypoint}.`
      : `Requests to hosts of ${host.value} other than ${other} bypass waypoint ${namespace}/${name}${condition}: ${describe(entry)} has no label ${useWaypoint}.`,
    related: [{ resource: owner, at: owner.at.name, message: `Requests to ${other} go through the waypoint.` }],
    data: { waypoint: isMendedByLabel(mesh, entry, host.value, gateway) ? { namespace, name } : undefined },
    ...(isWider && binding.state === 'unbound' ? {} : { severity: 'information' }),
  };
}

/** A wildcard without an address would bypass the waypoint all the same. */
function isMendedByLabel(mesh: Mesh, entry: Entry, host: string, gateway: Bound['gateway']): boolean {
  return virtualAddress(mesh, entry, host).state !== 'none' && waypointsFor(mesh, entry.namespace).includes(gateway);
}

/** A waypoint's entry of another namespace says nothing about a wildcard that is wider than its host. */
function kinOf(mesh: Mesh, entry: Entry): Kin | undefined {
  for (const host of entry.spec.hosts) {
    const name = normalizeHost(host.value);
    for (const pattern of patternsFor(name)) {
      if (pattern === name || pattern === '*') continue;
      const [wider] = boundOwners(mesh, pattern);
      if (wider) return { host, other: pattern, bound: wider, isWider: true };
    }
    if (!name.startsWith('*.')) continue;
    const exact = boundUnder(mesh, name, entry.namespace);
    if (exact) return { host, other: exact.entry.spec.hosts[0]!.value, bound: exact, isWider: false };
  }
  return undefined;
}

/** Those of all namespaces are found at once: each may have the wildcard. */
function boundUnder(mesh: Mesh, wildcard: string, namespace: string): Bound | undefined {
  const byNamespace = mesh.derived(`first bound under ${wildcard}`, (view) => {
    const first = new Map<string, Bound>();
    for (const { resource, host } of view.hostOwnersUnder(wildcard.slice(1))) {
      if (resource.kind !== 'ServiceEntry' || host.startsWith('*') || first.has(resource.namespace)) continue;
      const [found] = bound(view, resource);
      if (found) first.set(resource.namespace, found);
    }
    return first;
  });
  return byNamespace.get(namespace);
}

/** Reaches the host without a waypoint, and not from a sidecar. */
function isPast({ trace: { verdict, waypoint, hops } }: Traced): boolean {
  return (verdict === 'bypasses' || verdict === 'allowed') && !waypoint && hops.length === 0;
}
