// A graph from a list of flows, for tests of the picture.
import { clientId, gatewayId, hostId, type EgressGraph, type Verdict } from '../../server/src/diagram/graph.ts';

export type Flow = readonly [client: string, host: string, access: Verdict, gateway?: string];

function homeOf(name: string) {
  const [namespace = '', account = null] = name.split('/');
  return { namespace: name === '*' ? null : namespace, account };
}

function idOfClient(name: string): string {
  const { namespace, account } = homeOf(name);
  return clientId(namespace, account);
}

/** Clients as `namespace/account`, hosts as `name:port`; the gateway is a waypoint of the namespace `egress`. */
export function graphOf(flows: readonly Flow[]): EgressGraph<string> {
  const clients = [...new Set(flows.map(([client]) => client))].map((name) => ({
    ...homeOf(name),
    id: idOfClient(name),
    from: name,
  }));
  const gateways = [...new Set(flows.map(([, , , gateway = 'main']) => gateway))];
  const idOfGateway = (name: string) => (name === 'none' ? gatewayId('none') : gatewayId('waypoint', 'egress', name));
  const hosts = new Map(flows.map(([, host]) => [host.split(':')[0]!, host]));
  return {
    short: false,
    clients,
    gateways: gateways.map((name) => ({
      id: idOfGateway(name),
      kind: name === 'none' ? ('none' as const) : ('waypoint' as const),
      namespace: name === 'none' ? '' : 'egress',
      name: name === 'none' ? '' : name,
      place: null,
    })),
    hosts: [...hosts.keys()].map((host) => ({
      id: hostId(host),
      host,
      ports: [{ number: 443, protocol: 'TLS', url: 'https://x' }],
      place: null,
    })),
    edges: flows.map(([client, host, access, gateway = 'main']) => ({
      client: idOfClient(client),
      gateway: idOfGateway(gateway),
      host: hostId(host.split(':')[0]!),
      port: Number(host.split(':')[1] ?? 443),
      access,
      allowed: access,
      tls: 'pass-through' as const,
      bypasses: gateway === 'none',
      because: [],
      notes: [],
    })),
    findings: [],
  };
}
