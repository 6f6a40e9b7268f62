// The manifests that the shapes are made of.

export const namespace = (
  name: string,
  labels = 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress',
) =>
  `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`;

export const waypoint = (home = 'egress', name = 'wp') =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${home} }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }] }
`;

/** TLS is originated to port 443 by default; other ports are for entries that differ. */
export const entry = (home: string, name: string, hosts: readonly string[], targetPort = 443) =>
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: [${hosts.map((host) => `"${host}"`).join(', ')}], ports: [{ number: 80, name: http, protocol: HTTP, targetPort: ${targetPort} }], resolution: ${hosts.some((host) => host.startsWith('*')) ? 'DYNAMIC_DNS' : 'DNS'} }
`;

/** With an address for captured clients. */
export const entryAt = (address: string, ...written: Parameters<typeof entry>) =>
  entry(...written).replace('spec: {', `spec: { addresses: [${address}],`);

export const rule = (home: string, name: string, host: string, mode = 'SIMPLE', more = '') =>
  `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${home} }
spec: { host: "${host}", ${more}trafficPolicy: { tls: { mode: ${mode} } } }
`;

/** Allows one account of the namespace one path. */
export const policy = (home: string, name: string, target: string, path = '/api/*', account = 'client') =>
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${home} }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${target} }], rules: [{ from: [{ source: { principals: [cluster.local/ns/${home}/sa/${account}] } }], to: [{ operation: { paths: ["${path}"] } }] }] }
`;

/** At the waypoint: allows one namespace one host. */
export const policyAtWaypoint = (client: string, host: string) =>
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${client}, namespace: egress }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }], rules: [{ from: [{ source: { namespaces: [${client}] } }], to: [{ operation: { hosts: ["${host}"] } }] }] }
`;

export const workload = (home: string, name: string, labels = `app: ${name}`, account = name) =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${home} }
spec: { selector: { matchLabels: { ${labels} } }, template: { metadata: { labels: { ${labels} } }, spec: { serviceAccountName: ${account}, containers: [{ name: main, image: app }] } } }
`;

export const selectorPolicy = (home: string, name: string, label: string) =>
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${home} }
spec: { selector: { matchLabels: { app: ${label} } }, action: DENY, rules: [{ to: [{ operation: { ports: ["80"] } }] }] }
`;

export const sidecar = (home: string, name: string, label: string) =>
  `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: ${home} }
spec: { workloadSelector: { labels: { app: ${label} } }, egress: [{ hosts: ["./*"] }] }
`;

/** Of all waypoints: an external authorizer decides about a host. */
export const classPolicy = (name: string, host: string, provider = 'sso') =>
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: istio-system }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], action: CUSTOM, provider: { name: ${provider} }, rules: [{ to: [{ operation: { hosts: ["${host}"] } }] }] }
`;

/** At the waypoint. */
export const telemetry = (name: string, provider = 'envoy') =>
  `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: ${name}, namespace: egress }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }], accessLogging: [{ providers: [{ name: ${provider} }] }] }
`;

/** For sidecars, of the pods with that label. */
export const sidecarFilter = (name: string, app: string) =>
  `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: ${name}, namespace: istio-system }
spec: { workloadSelector: { labels: { app: ${app} } }, configPatches: [{ applyTo: CLUSTER, match: { context: SIDECAR_OUTBOUND }, patch: { operation: MERGE, value: {} } }] }
`;

/** For pods of any namespace with that label. */
export const plugin = (name: string, app: string) =>
  `apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: ${name}, namespace: istio-system }
spec: { selector: { matchLabels: { app: ${app} } }, url: "oci://registry.example.com/plugin:1" }
`;

export const tcpEntry = (home: string, name: string, host: string, port: number) =>
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: ["${host}"], ports: [{ number: ${port}, name: tcp, protocol: TCP }], resolution: DNS }
`;

export const selectingEntry = (home: string, name: string, host: string, app: string) =>
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: STATIC, workloadSelector: { labels: { app: ${app} } } }
`;

export const selectedEndpoint = (home: string, name: string, app: string, i: number) =>
  `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: ${name}, namespace: ${home} }
spec: { address: 10.1.${i >> 8}.${i & 255}, labels: { app: ${app} } }
`;

/** A rule for each host, by the Host of requests. */
export const routesOfHosts = (home: string, name: string, hosts: readonly string[]) =>
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec:
  hosts: [${hosts.map((host) => `"${host}"`).join(', ')}]
  http:
${hosts
  .map(
    (
      host,
    ) => `  - { match: [{ authority: { exact: "${host}" } }], route: [{ destination: { host: "${host}", port: { number: 80 } } }] }
`,
  )
  .join('')}`;

/** Clients speak TLS. */
export const tlsEntry = (home: string, name: string, host: string) =>
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: ["${host}"], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`;

/** Sends TLS for the host to the host itself. */
export const tlsRoute = (home: string, name: string, host: string, port = 443) =>
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: ["${host}"], tls: [{ match: [{ port: 443, sniHosts: ["${host}"] }], route: [{ destination: { host: "${host}", port: { number: ${port} } } }] }] }
`;

/** Sends requests for the host to the host itself. */
export const httpRoute = (home: string, name: string, host: string, port = 80) =>
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: ["${host}"], http: [{ match: [{ uri: { prefix: "/${name}" } }], route: [{ destination: { host: "${host}", port: { number: ${port} } } }] }] }
`;

/** The same as a route of the Gateway API, for the entry. */
export const entryRoute = (home: string, name: string, host: string, target: string, port = 80) =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${home} }
spec: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${target} }], rules: [{ matches: [{ path: { type: PathPrefix, value: /${name} } }], backendRefs: [{ group: networking.istio.io, kind: Hostname, name: ${host}, port: ${port} }] }] }
`;

/** Istio's egress gateway with its pods. */
export const sharedGateway = () =>
  `apiVersion: v1
kind: Service
metadata: { name: istio-egressgateway, namespace: istio-system, labels: { istio: egressgateway } }
spec: { selector: { istio: egressgateway }, ports: [{ name: http2, port: 80 }, { name: https, port: 443 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-egressgateway, namespace: istio-system }
spec: { selector: { matchLabels: { istio: egressgateway } }, template: { metadata: { labels: { istio: egressgateway } }, spec: { containers: [{ name: istio-proxy, image: proxy }] } } }
`;

/** A Gateway with one server: HTTP on port 80, or by TLS on port 443. */
export const gatewayServer = (home: string, host: string, protocol = 'HTTP', mode = '', name = 'egress') =>
  `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${home} }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: ${mode ? 443 : 80}, name: main, protocol: ${protocol} }, hosts: ["${host}"]${mode ? `, tls: { mode: ${mode} }` : ''} }] }
`;

const toSidecarsAndGateway = (home: string, host: string, name: string) =>
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec:
  hosts: ["${host}"]
  gateways: [mesh, ${home}/${name}]
`;

/** From sidecars to the gateway, and from there to the host. */
export const gatewayRoute = (home: string, host: string, name = 'egress') =>
  `${toSidecarsAndGateway(home, host, name)}  http:
  - match: [{ gateways: [mesh], port: 80 }]
    route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }]
  - match: [{ gateways: [${home}/${name}] }]
    route: [{ destination: { host: "${host}", port: { number: 80 } } }]
`;

/** The same for TLS of the client, by its server name. */
export const gatewayTlsRoute = (home: string, host: string, name = 'egress') =>
  `${toSidecarsAndGateway(home, host, name)}  tls:
  - match: [{ gateways: [mesh], port: 443, sniHosts: ["${host}"] }]
    route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 443 } } }]
  - match: [{ gateways: [${home}/${name}], port: 443, sniHosts: ["${host}"] }]
    route: [{ destination: { host: "${host}", port: { number: 443 } } }]
`;

/** An egress gateway of the Gateway API. */
export const apiGateway = () =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: out, namespace: egress }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }] }
`;

/** From sidecars to that gateway, and from there to the host of the entry. */
export const apiGatewayRoutes = (home: string, entryName: string, host: string) =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: to-gateway, namespace: ${home} }
spec: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${entryName} }], rules: [{ backendRefs: [{ name: out-istio, namespace: egress, port: 80 }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: out, namespace: ${home} }
spec: { parentRefs: [{ name: out, namespace: egress }], hostnames: ["${host}"], rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: ${host}, port: 80 }] }] }
`;
