// Manifests as they should be, of every kind that is read. They name each other.
const head = (apiVersion: string, kind: string, name: string, namespace: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;

const gatewayHost = 'istio-egressgateway.edge.svc.cluster.local';

/** Around a waypoint. */
const ofWaypoints: readonly string[] = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: edge\n  labels:\n    istio.io/dataplane-mode: ambient\n    istio.io/use-waypoint: gw\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n',
  `${head('v1', 'ServiceAccount', 'sleep', 'shop')}`,
  `${head('gateway.networking.k8s.io/v1', 'Gateway', 'gw', 'edge')}spec:\n  gatewayClassName: istio-waypoint\n  listeners:\n  - name: mesh\n    port: 15008\n    protocol: HBONE\n`,
  `${head('networking.istio.io/v1', 'ServiceEntry', 'api', 'edge')}spec:\n  hosts:\n  - api.example.com\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTP\n    targetPort: 443\n  resolution: DNS\n`,
  `${head('networking.istio.io/v1', 'ServiceEntry', 'www', 'shop')}spec:\n  hosts: [www.example.com, "*.example.com"]\n  ports:\n  - { number: 443, name: tls, protocol: TLS }\n  resolution: DYNAMIC_DNS\n`,
  `${head('networking.istio.io/v1', 'DestinationRule', 'api', 'edge')}spec:\n  host: api.example.com\n  trafficPolicy:\n    tls: { mode: SIMPLE, sni: api.example.com }\n`,
  `${head('networking.istio.io/v1', 'VirtualService', 'api', 'edge')}spec:\n  hosts: [api.example.com]\n  http:\n  - match: [{ uri: { regex: "/v[0-9]+/.*" } }]\n    route: [{ destination: { host: api.example.com, port: { number: 80 } } }]\n`,
  `${head('security.istio.io/v1', 'AuthorizationPolicy', 'callers', 'edge')}spec:\n  targetRefs:\n  - group: networking.istio.io\n    kind: ServiceEntry\n    name: api\n  rules:\n  - from:\n    - source:\n        principals: [cluster.local/ns/shop/sa/sleep]\n    to:\n    - operation: { methods: [GET], paths: ["/v1/*"] }\n`,
  `${head('telemetry.istio.io/v1', 'Telemetry', 'logs', 'edge')}spec:\n  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gw }]\n  accessLogging: [{ providers: [{ name: envoy }] }]\n`,
  `${head('gateway.networking.k8s.io/v1', 'HTTPRoute', 'api', 'edge')}spec:\n  parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]\n  rules:\n  - matches: [{ path: { type: PathPrefix, value: /v1 } }]\n    backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com, port: 80 }]\n`,
  `${head('networking.istio.io/v1', 'Sidecar', 'default', 'shop')}spec:\n  egress: [{ hosts: ["./*", "edge/*"] }]\n  outboundTrafficPolicy: { mode: REGISTRY_ONLY }\n`,
];

/** Around egress gateways of sidecars. */
const ofGateways: readonly string[] = [
  `${head('v1', 'Service', 'istio-egressgateway', 'edge')}spec:\n  selector: { istio: egressgateway }\n  ports:\n  - { name: http2, port: 80, targetPort: 8080 }\n  - { name: https, port: 443, targetPort: 8443 }\n`,
  `${head('apps/v1', 'Deployment', 'istio-egressgateway', 'edge')}spec:\n  selector: { matchLabels: { istio: egressgateway } }\n  template:\n    metadata:\n      labels: { istio: egressgateway }\n    spec:\n      serviceAccountName: sleep\n      containers: [{ name: istio-proxy, image: auto }]\n`,
  `${head('networking.istio.io/v1', 'Gateway', 'out', 'edge')}spec:\n  selector: { istio: egressgateway }\n  servers:\n  - port: { number: 443, name: https, protocol: HTTPS }\n    hosts: [api.example.com]\n    tls: { mode: ISTIO_MUTUAL }\n  - port: { number: 80, name: http, protocol: HTTP }\n    hosts: ["*.example.com"]\n`,
  `${head('networking.istio.io/v1', 'VirtualService', 'through', 'shop')}spec:\n  hosts: [api.example.com]\n  gateways: [mesh, edge/out]\n  http:\n  - match: [{ gateways: [mesh], port: 80 }]\n    route: [{ destination: { host: ${gatewayHost}, subset: api, port: { number: 443 } } }]\n  - match: [{ gateways: [edge/out], port: 443 }]\n    route: [{ destination: { host: api.example.com, port: { number: 443 } } }]\n`,
  `${head('networking.istio.io/v1', 'VirtualService', 'sni', 'shop')}spec:\n  hosts: [www.example.com]\n  gateways: [mesh, edge/out]\n  tls:\n  - match: [{ gateways: [mesh], port: 443, sniHosts: [www.example.com] }]\n    route: [{ destination: { host: ${gatewayHost}, port: { number: 443 } } }]\n  - match: [{ gateways: [edge/out], port: 443, sniHosts: [www.example.com] }]\n    route: [{ destination: { host: www.example.com, port: { number: 443 } } }]\n`,
  `${head('networking.istio.io/v1', 'DestinationRule', 'hop', 'shop')}spec:\n  host: ${gatewayHost}\n  subsets:\n  - name: api\n    trafficPolicy:\n      portLevelSettings:\n      - port: { number: 443 }\n        tls: { mode: ISTIO_MUTUAL, sni: api.example.com }\n`,
  `${head('gateway.networking.k8s.io/v1', 'Gateway', 'out', 'shop')}spec:\n  gatewayClassName: istio\n  listeners:\n  - { name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: { namespaces: { from: All } } }\n`,
  `${head('gateway.networking.k8s.io/v1', 'TLSRoute', 'www', 'edge')}spec:\n  parentRefs: [{ name: out, namespace: shop }]\n  hostnames: [www.example.com]\n  rules:\n  - backendRefs: [{ group: networking.istio.io, kind: Hostname, name: www.example.com, port: 443 }]\n`,
  `${head('security.istio.io/v1', 'AuthorizationPolicy', 'at-gateway', 'edge')}spec:\n  selector: { matchLabels: { istio: egressgateway } }\n  action: DENY\n  rules:\n  - from: [{ source: { notNamespaces: [shop] } }]\n    to: [{ operation: { hosts: [api.example.com], ports: ["443"] } }]\n`,
];

/** What else decides. */
const ofTheRest: readonly string[] = [
  `${head('v1', 'Pod', 'sleep', 'shop')}spec:\n  serviceAccountName: sleep\n  containers: [{ name: sleep, image: curl }]\n`,
  `${head('v1', 'Service', 'api', 'shop')}spec:\n  type: ExternalName\n  externalName: api.example.com\n  ports: [{ name: http, port: 80 }]\n`,
  `${head('v1', 'Secret', 'api', 'edge')}type: kubernetes.io/tls\nstringData: { tls.crt: a, tls.key: b }\n`,
  `${head('networking.istio.io/v1', 'ServiceEntry', 'db', 'edge')}spec:\n  hosts: [db.example.com]\n  addresses: [192.0.2.10]\n  ports: [{ number: 5432, name: tcp, protocol: TCP }]\n  resolution: STATIC\n  workloadSelector: { labels: { app: db } }\n`,
  `${head('networking.istio.io/v1', 'WorkloadEntry', 'db', 'edge')}spec:\n  address: 192.0.2.11\n  labels: { app: db }\n`,
  `${head('networking.k8s.io/v1', 'NetworkPolicy', 'out', 'shop')}spec:\n  podSelector: {}\n  policyTypes: [Egress]\n  egress: [{ ports: [{ port: 443 }] }]\n`,
  `${head('gateway.networking.k8s.io/v1', 'BackendTLSPolicy', 'api', 'edge')}spec:\n  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]\n  validation: { hostname: api.example.com, wellKnownCACertificates: System }\n`,
  `${head('networking.istio.io/v1alpha3', 'EnvoyFilter', 'any', 'edge')}spec:\n  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gw }]\n  configPatches: []\n`,
  `${head('gateway.networking.k8s.io/v1alpha2', 'TCPRoute', 'db', 'edge')}spec:\n  parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: db }]\n  rules:\n  - backendRefs: [{ group: networking.istio.io, kind: Hostname, name: db.example.com, port: 5432 }]\n`,
  `${head('networking.istio.io/v1', 'DestinationRule', 'some', 'shop')}spec:\n  host: "*.example.com"\n  workloadSelector: { matchLabels: { app: sleep } }\n  trafficPolicy:\n    tls: { mode: MUTUAL, credentialName: api }\n`,
  `${head('v1', 'ConfigMap', 'istio', 'istio-system')}data:\n  mesh: |\n    outboundTrafficPolicy: { mode: REGISTRY_ONLY }\n`,
];

export const documents: readonly string[] = [...ofWaypoints, ...ofGateways, ...ofTheRest];
