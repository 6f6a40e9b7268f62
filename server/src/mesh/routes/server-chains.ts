// Which servers of a gateway's port have filter chains, and for which server names. server/docs/istio-semantics-classic.md §F.11, §F.14.
import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import { eachInSteps } from '../../base/steps.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { serverKind } from './gateway-servers.ts';
import { passthroughNames, tcpRoute } from './routes-at-gateway.ts';

/** Servers of requests have one without routes too; for bytes there is one for each route. §F.14. */
export function hasChain(mesh: Mesh, gateway: EgressGateway, one: ServerOnPort): boolean {
  const kind = serverKind(one.server);
  if (kind === 'passthrough') return passthroughNames(mesh, gateway, one).length > 0;
  const isHttp = kind === 'http' || one.server.protocol?.value.toUpperCase() === 'HTTPS';
  return isHttp || tcpRoute(mesh, { gateway, servers: [one] }).state !== 'none';
}

interface Chains {
  /** Whether one of them is not for plaintext. */
  readonly looksIntoTls: boolean;
  readonly hasListener: boolean;
  /** For TLS by server names: the places of the servers in the list. */
  readonly byName: ReadonlyMap<string, readonly number[]>;
  /** Server names of servers that have no chain. */
  readonly unrouted: ReadonlySet<string>;
}

/** Worked out once for all connections: hundreds of teams can each have a server on the port. */
export function chainsOf(mesh: Mesh, gateway: EgressGateway, servers: readonly ServerOnPort[]): Chains {
  const { host, namespace, labels, hasAllLabels } = gateway;
  const key = JSON.stringify([host, namespace, [...labels], hasAllLabels]);
  return mesh.derivedInSteps(`chains of gateway ${key} ${keyOfServers(servers)}`, (view) =>
    chainsInSteps(view, gateway, servers),
  );
}

const keyOfServers = keptFor((servers: readonly ServerOnPort[]) =>
  servers.map(({ gateway, index }) => `${gateway.id}/${index}`).join(' '),
);

function* chainsInSteps(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
): Generator<undefined, Chains> {
  const byName = new Map<string, [number, ...number[]]>();
  const unrouted = new Set<string>();
  const there: ServerOnPort[] = [];
  yield* eachInSteps(servers.entries(), ([i, one]) => {
    const isThere = hasChain(mesh, gateway, one);
    if (isThere) there.push(one);
    const kind = protocolKind(one.server.protocol?.value);
    if (kind === 'http' || kind === 'tcp') return;
    for (const name of new Set(namesOf(mesh, gateway, one)))
      if (isThere) addToGroup(byName, name, i);
      else unrouted.add(name);
  });
  const looksIntoTls = there.some(({ server }) => !isPlain(server));
  return { looksIntoTls, hasListener: there.length > 0, byName, unrouted };
}

/** Server names of a chain: the server's hosts, or where TLS passes through those of the routes. */
function namesOf(mesh: Mesh, gateway: EgressGateway, one: ServerOnPort): readonly string[] {
  if (serverKind(one.server) === 'passthrough') return passthroughNames(mesh, gateway, one);
  return one.server.hosts.map(({ value }) => normalizeHost(value.slice(value.indexOf('/') + 1)));
}

function isPlain(server: ServerOnPort['server']): boolean {
  const kind = serverKind(server);
  return kind === 'http' || kind === 'tcp';
}
