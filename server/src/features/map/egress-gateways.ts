// Egress gateways on the map: the hosts to which routes bring clients with sidecars, each with the ports that go through.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { linkedObject, nameOfGateway } from '../facts/say-ways.ts';
import { gatewayCallers, type EntryFacts, type HostFacts, type PortFacts } from '../facts/service-entry.ts';
import type { SidecarWay } from '../facts/sidecar-ways.ts';
import type { MapGateway, MapHost, MapPort, PlaceOf } from './parts.ts';

export function gatewayOnMap<Place>(
  gateway: EgressGateway,
  place: PlaceOf<Place>,
): MapGateway<Place> & { readonly hosts: MapHost<Place>[] } {
  const shown = linkedObject(gateway);
  return {
    kind: 'gateway',
    namespace: gateway.namespace,
    name: gateway.name,
    className: gateway.managed?.spec.gatewayClassName?.value ?? null,
    place: shown ? place(shown) : null,
    hosts: [],
  };
}

interface Behind<Place> {
  readonly gateway: EgressGateway;
  readonly host: MapHost<Place>;
}

/** Under each gateway that a route names, unless requests go past it. */
export function hostBehindGateways<Place>(
  mesh: Mesh,
  { entry }: EntryFacts,
  { host, ports, ways }: HostFacts,
  place: PlaceOf<Place>,
): readonly Behind<Place>[] {
  const arriving = ways.filter(({ end }) => end !== 'past' && end !== 'direct');
  const gateways = firstOfEach(
    arriving.flatMap((way) => way.gateway ?? []),
    ({ host: own }) => own,
  );
  return gateways.flatMap((gateway) => {
    const here = arriving.filter((way) => way.gateway?.host === gateway.host);
    const through = ports.flatMap((port) => {
      const way = here.find(({ port: called }) => called === port.number);
      return way ? [portBehind<Place>(port, way)] : [];
    });
    if (through.length === 0) return [];
    const { policies, exhaustive } = gatewayCallers(mesh, gateway);
    const shown: MapHost<Place> = {
      host: normalizeHost(host.value),
      place: place(entry),
      why: here.some(({ end }) => end === 'fails') ? 'requests fail on their way' : '',
      ports: through,
      policies: policies.map(({ policy, action, dryRun }) => ({ action, dryRun, place: place(policy) })),
      callers: callersOf({ state: 'judged', policies, exhaustive }),
    };
    return [{ gateway, host: shown }];
  });
}

function portBehind<Place>({ port, number }: PortFacts, { trace: { upstream } }: SidecarWay): MapPort<Place> {
  const base = { number, protocol: port.protocol?.value ?? null, by: null };
  if (!upstream) return { ...base, targets: [], tls: 'unknown' };
  const own = upstream.protocol === 'tls' ? 'client' : 'plain';
  return { ...base, targets: [upstream.port], tls: upstream.tls?.mode ?? own };
}

/** Undefined where no route names an egress gateway for these ports. */
export function pastGateway(ways: readonly SidecarWay[], ports: readonly PortFacts[]): string | undefined {
  const past = ways.find(({ end, port }) => end === 'past' && ports.some(({ number }) => number === port));
  return past?.gateway && `skips egress gateway ${nameOfGateway(past.gateway)}`;
}

export function callersOf(callers: EntryFacts['callers']): MapHost<unknown>['callers'] {
  if (callers.state === 'closed') return 'unknown';
  if (callers.state !== 'judged') return callers.state;
  if (callers.policies.some(({ dryRun }) => !dryRun)) return 'policies';
  return callers.exhaustive ? 'anyone' : 'unknown';
}
