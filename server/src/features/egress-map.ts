// Where what leaves the mesh goes through: each gateway with its hosts, then the hosts that go past every gateway. Plain data for views.
import { compareText } from '../base/compare.ts';
import { drained } from '../base/steps.ts';
import { isWaypointClass, type WaypointBinding } from '../mesh/binding/waypoint-binding.ts';
import { servesServices, trafficType } from '../mesh/binding/waypoint-gateway.ts';
import type { EgressGateway } from '../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { isExternal } from '../mesh/hosts/target-ports.ts';
import type { Resource } from '../model/resource.ts';
import { entryFacts, type EntryFacts, type HostFacts, type PortFacts } from './facts/service-entry.ts';
import { callersOf, gatewayOnMap, hostBehindGateways, pastGateway } from './map/egress-gateways.ts';
import type { EgressMap, MapGateway, MapHost, MapPort, PlaceOf } from './map/parts.ts';
import { unusable } from './facts/fact-wording.ts';
import { normalizeHost } from '../names/hosts.ts';

/** `place` gives the places; `isShown` picks the entries and gateways that are wanted; a gateway that stands before a wanted host is shown in any case. */
export function egressMap<Place>(
  mesh: Mesh,
  place: PlaceOf<Place>,
  isShown: (resource: Resource) => boolean = () => true,
): EgressMap<Place> {
  return drained(egressMapInSteps(mesh, place, isShown));
}

/** The same an entry at a step. */
export function* egressMapInSteps<Place>(
  mesh: Mesh,
  place: PlaceOf<Place>,
  isShown: (resource: Resource) => boolean = () => true,
): Generator<undefined, EgressMap<Place>> {
  const gateways = new Map<string, MapGateway<Place> & { readonly hosts: MapHost<Place>[] }>();
  const at = (namespace: string, name: string) => {
    const key = `${namespace}/${name}`;
    const known = gateways.get(key) ?? gatewayOf(mesh, namespace, name, place);
    gateways.set(key, known);
    return known;
  };
  const egressAt = (gateway: EgressGateway) => {
    const known = gateways.get(gateway.host) ?? gatewayOnMap(gateway, place);
    gateways.set(gateway.host, known);
    return known;
  };
  for (const gateway of mesh.all('Gateway'))
    if (isShown(gateway) && isEgressGateway(mesh, gateway)) at(gateway.namespace, gateway.name);
  const past: MapHost<Place>[] = [];
  const unclear: MapHost<Place>[] = [];
  const listFor = (binding: WaypointBinding): MapHost<Place>[] => {
    if (binding.state === 'bound') return at(binding.gateway.namespace, binding.gateway.name).hosts;
    if (binding.state !== 'unknown') return past;
    return binding.label ? at(binding.label.namespace, binding.label.name).hosts : unclear;
  };
  const entries = [...mesh.all('ServiceEntry')].sort((a, b) => compareText(a.namespace, b.namespace));
  for (const entry of entries) {
    if (!isShown(entry) || !isExternal(entry)) continue;
    const facts = entryFacts(mesh, entry);
    for (const host of facts.hosts) {
      const behind = facts.binding.state === 'bound' ? [] : hostBehindGateways(mesh, facts, host, place);
      for (const one of behind) egressAt(one.gateway).hosts.push(one.host);
      const taken = behind.flatMap((one) => one.host.ports.map(({ number }) => number));
      const ports = host.ports.filter(({ number }) => !taken.includes(number));
      if (behind.length === 0 || ports.length > 0)
        listFor(facts.binding).push(hostOf(facts, { ...host, ports }, place));
    }
    yield;
  }
  const sorted = [...gateways.values()]
    .map((gateway) => ({ ...gateway, hosts: byHost(gateway.hosts) }))
    .sort(
      (a, b) =>
        Number(a.hosts.length === 0) - Number(b.hosts.length === 0) ||
        compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`),
    );
  return { gateways: sorted, past: byHost(past), unclear: byHost(unclear) };
}

/** A waypoint that handles traffic to hosts: not one for workloads only, and not one of another class. */
function isEgressGateway(mesh: Mesh, gateway: Resource<'Gateway'>): boolean {
  const isWaypoint = isWaypointClass(gateway, mesh.settings);
  if (isWaypoint === false || servesServices(trafficType(mesh, gateway)) === false) return false;
  return isWaypoint === true || mesh.enrolled(gateway.namespace, gateway.name).length > 0;
}

function gatewayOf<Place>(mesh: Mesh, namespace: string, name: string, place: PlaceOf<Place>) {
  const [gateway] = mesh.named('Gateway', namespace, name);
  return {
    kind: 'waypoint' as const,
    namespace,
    name,
    className: gateway?.spec.gatewayClassName?.value ?? null,
    place: gateway ? place(gateway) : null,
    hosts: new Array<MapHost<Place>>(),
  };
}

function hostOf<Place>(
  { entry, binding, callers }: EntryFacts,
  { host, ports, ways }: HostFacts,
  place: PlaceOf<Place>,
): MapHost<Place> {
  const policies = callers.state === 'judged' ? callers.policies : [];
  return {
    host: normalizeHost(host.value),
    place: place(entry),
    why: pastGateway(ways, ports) ?? whyPast(binding),
    ports: ports.map((port) => portOf(port, place)),
    policies: policies.map(({ policy, action, dryRun }) => ({ action, dryRun, place: place(policy) })),
    callers: callersOf(callers),
  };
}

function whyPast(binding: WaypointBinding): string {
  switch (binding.state) {
    case 'bound':
      return '';
    case 'unbound':
      return binding.optedOut ? 'the label says none' : 'no use-waypoint label';
    case 'unusable':
      return `${binding.label.namespace}/${binding.label.name}: ${unusable[binding.reason]}`;
    case 'unknown':
      return binding.label ? '' : 'its Namespace is not in these files';
  }
}

function portOf<Place>({ port, number, speaks, tls, targets }: PortFacts, place: PlaceOf<Place>): MapPort<Place> {
  const protocol = port.protocol?.value ?? null;
  const base = { number, protocol, targets, by: null };
  if (!tls) return { ...base, tls: 'elsewhere' };
  if (tls.state === 'unknown') return { ...base, tls: 'unknown' };
  if (tls.state === 'plain') return { ...base, tls: speaks === 'tls' ? 'client' : 'plain' };
  return {
    ...base,
    tls: tls.mode,
    by: place(tls.source.by === 'DestinationRule' ? tls.source.rule : tls.source.policy),
  };
}

/** Those of one host stay in the order of their entries' namespaces. */
function byHost<Place>(hosts: readonly MapHost<Place>[]): readonly MapHost<Place>[] {
  return [...hosts].sort((a, b) => compareText(a.host, b.host));
}
