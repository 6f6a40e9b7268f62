// Where egress goes through: the egress namespace, its waypoint, and the gateway of a mesh with sidecars.
import { dataplaneMode, useWaypoint } from '../../../model/label-names.ts';
import type { Template } from '../template.ts';

/** As `istioctl waypoint generate` makes it. */
const waypoint = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: {waypoint}
  namespace: {namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
`;

export const gatewayTemplates: readonly Template[] = [
  {
    id: 'egress-namespace',
    title: 'Egress namespace with its waypoint',
    description: 'Namespace in ambient mode whose ServiceEntries use the waypoint in it',
    asks: ['namespace', 'waypoint'],
    namedAfter: 'namespace',
    buildsOn: [],
    body: `apiVersion: v1
kind: Namespace
metadata:
  name: {namespace}
  labels:
    ${dataplaneMode}: ambient
    ${useWaypoint}: {waypoint}
---
${waypoint}`,
  },
  {
    id: 'egress-waypoint',
    title: 'Egress waypoint',
    description: 'Gateway that serves as the egress waypoint of its namespace',
    asks: ['namespace', 'waypoint'],
    namedAfter: 'waypoint',
    buildsOn: [],
    body: waypoint,
  },
  {
    id: 'classic-egress-gateway',
    title: 'Classic egress gateway: Gateway, VirtualService and DestinationRule',
    description: 'Clients with sidecars reach a host through an egress gateway, which originates TLS',
    asks: ['namespace', 'host'],
    namedAfter: 'host',
    buildsOn: [],
    values: { namespace: 'istio-egress' },
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {host}
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: {name}-egress
  namespace: {namespace}
spec:
  selector:
    istio: egressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - {host}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}-through-egress
  namespace: {namespace}
spec:
  hosts:
  - {host}
  gateways:
  - mesh
  - {name}-egress
  http:
  # From the clients to the gateway.
  - match:
    - gateways:
      - mesh
      port: 80
    route:
    - destination:
        host: istio-egressgateway.istio-system.svc.cluster.local
        port:
          number: 80
  # From the gateway to the host.
  - match:
    - gateways:
      - {name}-egress
      port: 80
    route:
    - destination:
        host: {host}
        port:
          number: 80
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}-tls
  namespace: {namespace}
spec:
  host: {host}
  trafficPolicy:
    tls:
      mode: SIMPLE
`,
  },
  {
    id: 'sidecar',
    title: 'Sidecar: only known hosts',
    description: 'Clients with sidecars reach hosts of their own and of the egress namespace, and nothing else',
    asks: ['clients', 'namespace'],
    namedAfter: 'clients',
    buildsOn: [],
    body: `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  # For every workload of the namespace.
  name: default
  namespace: {clients}
spec:
  outboundTrafficPolicy:
    mode: REGISTRY_ONLY
  egress:
  - hosts:
    - ./*
    - {namespace}/*
    - istio-system/*
`,
  },
];
