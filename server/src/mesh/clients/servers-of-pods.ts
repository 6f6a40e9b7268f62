// The servers of all Gateways for the same pods, on the ports that lead to one. Hundreds of teams can share the pods of one egress gateway, each with
// a Gateway of its own. server/docs/istio-semantics-classic.md §F.1 to §F.5.
import { hostsOverlap, patternsFor } from '../../names/hosts.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { serverKind, type Server, type ServerKind } from '../routes/gateway-servers.ts';

export interface ServerOf {
  readonly gateway: Resource<'IstioGateway'>;
  readonly server: Server;
}

export interface ServersOfPods {
  readonly kinds: ReadonlySet<ServerKind | undefined>;
  /** The first that ends the mesh's TLS. */
  readonly mutual: ServerOf | undefined;
  /** The names for which one ends the mesh's TLS, in lower case. */
  readonly mutualNames: ReadonlySet<string>;
}

/**
 * A server's number is the port of the gateway's Service, or the port that this leads to: Istio's charts lead 80 to 8080 and 443
 * to 8443. istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways, resolvePorts; §F.4, §F.5.
 */
const portBehind: ReadonlyMap<number, number> = new Map([
  [80, 8080],
  [443, 8443],
]);

/** Those that may take a connection to the port of pods which all of the selectors have. */
export function serversOfPods(
  mesh: Mesh,
  selectors: readonly ReadonlyMap<string, string>[],
  port: number,
): ServersOfPods {
  return mesh.derived(`servers of pods ${podsKey(selectors)} ${port}`, (view) => {
    const gateways = new Set(selectors.flatMap((labels) => view.gatewaysSelecting(labels)));
    const ports = [port, portBehind.get(port)];
    const servers = [...gateways].flatMap((gateway) =>
      gateway.spec.servers
        .filter((server) => server.port !== undefined && ports.includes(server.port))
        .map((server): ServerOf => ({ gateway, server })),
    );
    const mutual = servers.filter(({ server }) => serverKind(server) === 'istio-mutual');
    return {
      kinds: new Set(servers.map(({ server }) => serverKind(server))),
      mutual: mutual[0],
      mutualNames: new Set(mutual.flatMap(({ server }) => namesOf(server))),
    };
  });
}

/** Equal for the same pods. */
export function podsKey(selectors: readonly ReadonlyMap<string, string>[]): string {
  return JSON.stringify(selectors.map((labels) => [...labels]));
}

function namesOf({ hosts }: Server): readonly string[] {
  return hosts.map(({ value }) => value.slice(value.indexOf('/') + 1).toLowerCase());
}

/** Whether one of them ends the mesh's TLS for that server name. §F.11. */
export function endTlsFor({ mutualNames }: ServersOfPods, sni: string): boolean {
  if (patternsFor(sni).some((pattern) => mutualNames.has(pattern))) return true;
  // Names that are below a wildcard, and wildcards with more letters before their first dot.
  return [...mutualNames].some((name) => hostsOverlap(name, sni));
}

/** The same of one server. */
export function endsTlsFor({ server }: ServerOf, sni: string): boolean {
  return namesOf(server).some((name) => hostsOverlap(name, sni));
}
