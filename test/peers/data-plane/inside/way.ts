// Where ztunnel sends a connection of the client's, by what istiod tells ztunnels and the address that was called.
import { endpointsOf, ipv4Of, type Addresses, type Service } from './addresses.ts';
import type { Client } from '../capture.ts';
import { worldIp } from './world.ts';

export interface Known {
  readonly addresses: () => Addresses;
  readonly client: () => Client | undefined;
}

/** The address that ztunnel's DNS gives a captured client for a name; undefined where the name is not of the mesh. */
export function vipOf(name: string, known: Known): string | undefined {
  const client = known.client();
  if (!client?.isCaptured) return undefined;
  const { services } = known.addresses();
  const wildcards = name.split('.').map((_, i, labels) => ['*', ...labels.slice(i + 1)].join('.'));
  for (const host of [name, ...wildcards]) {
    const found = services.filter(({ hostname }) => hostname.toLowerCase() === host);
    const best =
      found.find(({ namespace }) => namespace === client.namespace) ??
      found.find(({ canonical }) => canonical === true) ??
      found[0];
    if (best) return ipsOf(best)[0];
  }
  return undefined;
}

function ipsOf({ addresses = [] }: Service): readonly string[] {
  return addresses.flatMap(({ address }) => ipv4Of(address) ?? []);
}

export interface ToWaypoint {
  readonly client: Client;
  /** A pod of the waypoint. */
  readonly waypoint: {
    readonly ip: string;
    readonly port: number;
    readonly namespace: string;
    readonly account: string;
  };
  /** What the client called: `IP:PORT`. */
  readonly target: string;
}
/** Reset: ztunnel closes the connection without an answer. `port`: of the site outside. */
type Way = ToWaypoint | { readonly port: number } | 'reset';

export function wayOf(ip: string, port: number, known: Known): Way {
  const client = known.client();
  const addresses = known.addresses();
  const service = addresses.services.find((one) => ipsOf(one).includes(ip));
  // The site does not listen there.
  if (ip === worldIp) return 'reset';
  if (!client?.isCaptured || !service) return { port };
  if (service.waypoint) return throughWaypoint(service.waypoint, addresses, client, `${ip}:${port}`);
  const listed = service.ports?.find(({ servicePort }) => servicePort === port);
  const endpoints = endpointsOf(addresses, service.namespace, service.hostname);
  return listed && endpoints.length > 0 ? { port: listed.targetPort ?? port } : 'reset';
}

function throughWaypoint(
  { hostname, hboneMtlsPort = 0 }: NonNullable<Service['waypoint']>,
  addresses: Addresses,
  client: Client,
  target: string,
): Way {
  const pods = hostname ? endpointsOf(addresses, hostname.namespace, hostname.hostname) : [];
  const pod = pods[Math.floor(Math.random() * pods.length)];
  const ip = ipv4Of(pod?.addresses?.[0] ?? '');
  if (!pod || ip === undefined) return 'reset';
  const { namespace, serviceAccount: account = 'default' } = pod;
  return { client, waypoint: { ip, port: hboneMtlsPort, namespace, account }, target };
}
