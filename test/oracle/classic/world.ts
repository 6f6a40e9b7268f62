// What every mesh of clients with sidecars has: namespaces, the clients' workloads, an egress gateway with its Service and pod.
import type { Manifest } from '../manifests.ts';

export const clientNamespaces = ['apps', 'other'] as const;
export const rootNamespace = 'istio-system';
export const gatewayService = 'istio-egressgateway';

/** Of the Gateway API, and its Service. */
export const apiGateway = { name: 'egress', service: 'egress-istio' };

/** Service port to the port of the pod. */
export const gatewayPorts: readonly (readonly [number, number])[] = [
  [80, 8080],
  [443, 8443],
  [9000, 9000],
];

/** What names that are asked for resolve to outside the mesh. */
export const realAddresses: Readonly<Record<string, string>> = {
  'a.example.com': '198.51.100.1',
  'b.example.com': '198.51.100.2',
  'c.example.org': '198.51.100.3',
  'x.wild.example.net': '198.51.100.4',
  'd.example.com': '198.51.100.5',
  'y.wild.example.net': '198.51.100.6',
  'unknown.example.io': '198.51.100.9',
};

/** What DNS makes of a name: that of an alias is the host it is named after. */
export function nameOutside(host: string): string {
  const [alias = '', ...rest] = host.split('.');
  const named = alias.replaceAll('-', '.');
  return rest.includes('svc') && realAddresses[named] ? named : host;
}

export function realAddressOf(host: string): string | undefined {
  return realAddresses[nameOutside(host)];
}

export const gatewayIp = '10.1.0.9';

export function object(
  apiVersion: string,
  kind: string,
  at: { readonly namespace?: string; readonly name: string; readonly labels?: Manifest },
  spec: Manifest,
): Manifest {
  return { apiVersion, kind, metadata: at, spec };
}

export function istio(kind: string, namespace: string, name: string, spec: Manifest): Manifest {
  const group = kind === 'AuthorizationPolicy' || kind === 'PeerAuthentication' ? 'security' : 'networking';
  return object(`${group}.istio.io/v1`, kind, { namespace, name }, spec);
}

export interface World {
  readonly manifests: readonly Manifest[];
  /** What the cluster makes of them, and our files do not have. */
  readonly running: readonly Manifest[];
}

export function namespacesOf(gatewayNamespace: string): readonly Manifest[] {
  return [...new Set([...clientNamespaces, gatewayNamespace, rootNamespace])].map(
    (name): Manifest => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: name === 'apps' || name === 'other' ? { 'istio-injection': 'enabled' } : {} },
    }),
  );
}

function clients(): readonly Manifest[] {
  return clientNamespaces.map((namespace) =>
    deployment(namespace, `client-${namespace}`, { app: `client-${namespace}` }, `client-${namespace}`),
  );
}

export const gatewayLabels = { istio: 'egressgateway', app: gatewayService };

export function world(gatewayNamespace: string): World {
  const labels = gatewayLabels;
  return {
    manifests: [
      ...namespacesOf(gatewayNamespace),
      ...clients(),
      deployment(gatewayNamespace, gatewayService, labels, gatewayService),
      object(
        'v1',
        'Service',
        { namespace: gatewayNamespace, name: gatewayService, labels },
        {
          clusterIP: '10.96.0.9',
          selector: labels,
          ports: gatewayPorts.map(([port, targetPort]) => ({ name: nameOfPort(port), port, targetPort })),
        },
      ),
    ],
    running: podOf(gatewayNamespace, gatewayService, labels, gatewayIp, gatewayPorts),
  };
}

export const apiGatewayLabels = {
  'gateway.networking.k8s.io/gateway-name': apiGateway.name,
  'gateway.networking.k8s.io/gateway-class-name': 'istio',
  'gateway.istio.io/managed': 'istio.io-gateway-controller',
};

/** With an egress gateway of the Gateway API: istiod makes its pods and its Service. */
export function apiWorld(gatewayNamespace: string, listeners: readonly Manifest[]): World {
  const ports = [...new Set([15021, ...listeners.map(({ port }) => Number(port))])];
  const protocols = new Map(listeners.toReversed().map(({ port, protocol }) => [Number(port), protocol as string]));
  const protocolOf = (port: number) => protocols.get(port) ?? 'TCP';
  return {
    manifests: [
      ...namespacesOf(gatewayNamespace),
      ...clients(),
      object(
        'gateway.networking.k8s.io/v1',
        'Gateway',
        { namespace: gatewayNamespace, name: apiGateway.name },
        { gatewayClassName: 'istio', listeners },
      ),
    ],
    running: [
      object(
        'v1',
        'Service',
        { namespace: gatewayNamespace, name: apiGateway.service, labels: apiGatewayLabels },
        {
          clusterIP: '10.96.0.9',
          selector: { 'gateway.networking.k8s.io/gateway-name': apiGateway.name },
          ports: ports.map((port) => ({
            name: nameOfPort(port),
            port,
            targetPort: port,
            appProtocol: protocolOf(port).toLowerCase(),
          })),
        },
      ),
      ...podOf(
        gatewayNamespace,
        apiGateway.service,
        apiGatewayLabels,
        gatewayIp,
        ports.map((port) => [port, port] as const),
      ),
    ],
  };
}

function nameOfPort(port: number): string {
  if (port === 80) return 'http2';
  return port === 443 ? 'https' : `tcp-${port}`;
}

function deployment(namespace: string, name: string, labels: Manifest, serviceAccountName: string): Manifest {
  return object(
    'apps/v1',
    'Deployment',
    { namespace, name },
    {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { serviceAccountName, containers: [] } },
    },
  );
}

/** The pod of a gateway, and that its Service leads there. */
export function podOf(
  namespace: string,
  service: string,
  labels: Manifest,
  ip: string,
  ports: readonly (readonly [number, number])[],
): readonly Manifest[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace, name: `${service}-1`, labels },
      spec: { serviceAccountName: service, nodeName: 'node', containers: [{ name: 'istio-proxy', image: 'auto' }] },
      status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace, name: service, labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: [ip],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', namespace, name: `${service}-1` },
        },
      ],
      ports: ports.map(([port, targetPort]) => ({ name: nameOfPort(port), port: targetPort, protocol: 'TCP' })),
    },
  ];
}
