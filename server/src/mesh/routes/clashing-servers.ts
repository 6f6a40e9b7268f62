// Which of two servers on one port is dropped.
import { addToGroup } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../mesh.ts';
import type { Server } from './gateway-servers.ts';

type Gateway = Resource<'IstioGateway'>;

/**
 * Whether one of the two is dropped where they meet on one port: plaintext of different kinds, two of plain TCP, plaintext
 * beside TLS, and TLS for the same host. Plain HTTP is merged. istio@86c9f01 pilot/pkg/model/gateway.go mergeGateways.
 */
export function serversClash(a: Server, b: Server): boolean {
  if (a.port === undefined || a.port !== b.port || a.bind !== b.bind) return false;
  const [x, y] = [kindOf(a), kindOf(b)];
  if (x === undefined || y === undefined) return false;
  return (
    x !== y ||
    x === 'tcp' ||
    (x === 'tls' && a.hosts.some(({ value }) => b.hosts.some((other) => other.value === value)))
  );
}

/**
 * Gateways of the namespace, in the order of the mesh, with a server that clashes with this one where they are for the same pods. Looked up, as one
 * namespace can have the Gateways of hundreds of hosts.
 */
export function gatewaysClashing(mesh: Mesh, namespace: string, server: Server): readonly Gateway[] {
  const { gateways, byPlace } = mesh.derived(`places of servers in ${namespace}`, (view) => {
    const all = view.inNamespace('IstioGateway', namespace);
    const found = new Map<string, [number, ...number[]]>();
    for (const [i, { spec }] of all.entries())
      for (const place of new Set(spec.servers.flatMap(placesOf))) addToGroup(found, place, i);
    return { gateways: all, byPlace: found };
  });
  const places = new Set(placesClashing(server).flatMap((place) => byPlace.get(place) ?? []));
  return [...places]
    .sort((a, b) => a - b)
    .map((i) => gateways[i]!)
    .filter((gateway) => gateway.spec.servers.some((other) => serversClash(server, other)));
}

/** Keys under which a server stands: its port with its kind, and of TLS with each of its hosts. */
function placesOf(server: Server): readonly string[] {
  const kind = kindOf(server);
  const hosts = kind === 'tls' ? server.hosts.map(({ value }) => `${server.port} tls ${value}`) : [];
  return [`${server.port} ${kind}`, ...hosts];
}

/** Those under which servers stand that can clash with this one. */
function placesClashing(server: Server): readonly string[] {
  const kind = kindOf(server);
  const others = ['http', 'tcp', 'tls'].filter((other) => other !== kind || other === 'tcp');
  return [...others.map((other) => `${server.port} ${other}`), ...placesOf(server).slice(1)];
}

function kindOf({ protocol, tls }: Server): 'http' | 'tcp' | 'tls' | undefined {
  if (tls?.mode !== undefined) return 'tls';
  const kind = protocolKind(protocol?.value);
  return kind === 'http' || kind === 'tcp' || kind === 'tls' ? kind : undefined;
}
