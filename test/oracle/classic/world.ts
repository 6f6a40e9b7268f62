// What every mesh of clients with sidecars has: namespaces, the clients' workloads, an egress gateway with its Service and pod.
import type { Manifest } from '../manifests.ts';

export const clientNamespaces = ['apps', 'other'] as const;
export const rootNamespace = 'istio-system';
export const gatewayService = 'istio-egressgateway';

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
  'unknown.example.io': '198.51.100.9',
};

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

export function world(gatewayNamespace: string): World {
  const namespaces = [...new Set([...clientNamespaces, gatewayNamespace, rootNamespace])].map(
    (name): Manifest => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: name === 'apps' || name === 'other' ? { 'istio-injection': 'enabled' } : {} },
    }),
  );
  const labels = { istio: 'egressgateway', app: gatewayService };
  return {
    manifests: [
      ...namespaces,
      ...clientNamespaces.map((namespace) =>
        deployment(namespace, `client-${namespace}`, { app: `client-${namespace}` }, `client-${namespace}`),
      ),
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
