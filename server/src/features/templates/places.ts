// The places of templates, and their usual values: together they are one small egress setup.

interface Place {
  /** What New Manifest asks for. */
  readonly title: string;
  readonly usual: string;
  readonly takes: 'name' | 'host' | 'wildcard' | 'account' | 'number' | 'address' | 'duration' | 'word';
}

export const places = {
  name: { title: 'Name', usual: 'httpbin', takes: 'name' },
  namespace: { title: 'Namespace', usual: 'common-infrastructure', takes: 'name' },
  waypoint: { title: 'Gateway that is the waypoint', usual: 'egress-gateway', takes: 'name' },
  gateway: { title: 'Istio Gateway', usual: 'egress', takes: 'name' },
  host: { title: 'External host', usual: 'httpbin.org', takes: 'host' },
  wildcard: { title: 'Wildcard host', usual: '*.wikipedia.org', takes: 'wildcard' },
  entry: { title: 'ServiceEntry', usual: 'httpbin', takes: 'name' },
  port: { title: 'Port that clients call', usual: '80', takes: 'number' },
  targetPort: { title: 'Port of the external host', usual: '443', takes: 'number' },
  address: { title: 'IP address of the external host', usual: '192.0.2.10', takes: 'address' },
  account: { title: 'Service account of the clients', usual: 'default/curl', takes: 'account' },
  clients: { title: 'Namespace of the clients', usual: 'default', takes: 'name' },
  method: { title: 'HTTP method', usual: 'GET', takes: 'word' },
  secret: { title: 'Secret with the client certificate', usual: 'httpbin-client', takes: 'name' },
  provider: { title: 'Provider of the access log', usual: 'envoy', takes: 'name' },
  timeout: { title: 'Timeout of a request', usual: '10s', takes: 'duration' },
} as const satisfies Readonly<Record<string, Place>>;

export type PlaceName = keyof typeof places;

export function isPlaceName(name: string): name is PlaceName {
  return Object.hasOwn(places, name);
}
