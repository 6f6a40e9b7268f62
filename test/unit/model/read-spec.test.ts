// One manifest per kind, and what is kept of it. Places are held by model-spans.property.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './model-kit.ts';

/** Fields as their values, maps as objects, places left out, absent values left out. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('value' in value && 'span' in value && 'key' in value) return value.value;
  const entries = Object.entries(value).filter(([key, inner]) => inner !== undefined && !isPlace(key, inner));
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

function isPlace(key: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'start' in value && /^(span|key|\w+Key)$/.test(key);
}

const cases: readonly {
  readonly kind: string;
  readonly apiVersion: string;
  readonly as?: string;
  readonly body: string;
  readonly spec: unknown;
}[] = [
  { apiVersion: 'v1', kind: 'Namespace', body: 'spec: {}', spec: {} },
  { apiVersion: 'v1', kind: 'ServiceAccount', body: 'automountServiceAccountToken: false', spec: {} },
  {
    apiVersion: 'v1',
    kind: 'Service',
    body: `spec:
  type: ExternalName
  externalName: httpbin.org
  clusterIP: None
  selector: { app: web }
  ports:
  - { port: 80, name: http, targetPort: web, appProtocol: http, protocol: TCP }
  - { name: no-number }
  - { port: "443" }
  - { port: 8080, targetPort: 80 }`,
    spec: {
      type: 'ExternalName',
      externalName: 'httpbin.org',
      clusterIP: 'None',
      selector: { app: 'web' },
      ports: [
        { number: 80, name: 'http', targetPort: 'web', appProtocol: 'http', protocol: 'TCP' },
        { number: 8080, targetPort: 80 },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    body: `type: Opaque
data: { tls.crt: aGlkZGVu, empty: }
stringData: { token: hidden, tls.crt: hidden }`,
    spec: { type: 'Opaque', keys: ['tls.crt', 'token'] },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    body: `rules:
- { apiGroups: [""], resources: [secrets], verbs: [get, list], resourceNames: [cert] }
- { verbs: [watch, 7] }`,
    spec: {
      rules: [
        { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'], resourceNames: ['cert'] },
        { apiGroups: [], resources: [], verbs: ['watch'], resourceNames: [] },
      ],
    },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    body: `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: read }
subjects:
- { kind: ServiceAccount, name: curl, namespace: default }
- { kind: Group, name: all }`,
    spec: {
      roleRef: { kind: 'Role', name: 'read' },
      subjects: [
        { kind: 'ServiceAccount', name: 'curl', namespace: 'default' },
        { kind: 'Group', name: 'all' },
      ],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    body: `spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }
    - namespaceSelector: { matchExpressions: [{ key: team, operator: In, values: [a, b] }] }
      podSelector: { matchLabels: { app: web } }
    ports: [{ port: 15008, protocol: TCP }, { port: http, endPort: 90 }]
  - {}`,
    spec: {
      podSelector: { matchLabels: {}, matchExpressions: [] },
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [
            { port: 15008, protocol: 'TCP' },
            { port: 'http', endPort: 90 },
          ],
          peers: [
            { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
            {
              namespaceSelector: {
                matchLabels: {},
                matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }],
              },
              podSelector: { matchLabels: { app: 'web' }, matchExpressions: [] },
              except: [],
            },
          ],
        },
        {},
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    body: `spec: { serviceAccountName: curl, hostNetwork: true, containers: [{ name: a }, { image: x }], initContainers: [{ name: i }, { image: y }] }`,
    spec: {
      labels: {},
      annotations: {},
      serviceAccount: 'curl',
      hostNetwork: true,
      containers: ['a', ''],
      initContainers: ['i'],
    },
  },
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({
    apiVersion: 'apps/v1',
    kind,
    as: 'Workload',
    body: `spec: { template: { metadata: { labels: { app: web }, annotations: { a: b } }, spec: { serviceAccountName: web, containers: [{ name: c }] } } }`,
    spec: {
      labels: { app: 'web' },
      annotations: { a: 'b' },
      serviceAccount: 'web',
      hostNetwork: false,
      containers: ['c'],
      initContainers: [],
    },
  })),
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    as: 'Workload',
    body: 'spec: { template: { spec: { serviceAccount: old } } }',
    spec: {
      labels: {},
      annotations: {},
      serviceAccount: 'old',
      hostNetwork: false,
      containers: [],
      initContainers: [],
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    as: 'Workload',
    body: 'spec: { jobTemplate: { spec: { template: { metadata: { labels: { a: b } } } } } }',
    spec: { labels: { a: 'b' }, annotations: {}, hostNetwork: false, containers: [], initContainers: [] },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    body: 'data: { mesh: "trustDomain: td" }',
    spec: { mesh: 'trustDomain: td', keys: ['mesh'] },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    body: `spec:
  hosts: [httpbin.org, 7]
  addresses: [240.0.0.1]
  ports:
  - { number: 80, name: http, protocol: HTTP, targetPort: 443 }
  - { number: "81" }
  resolution: DNS
  location: MESH_EXTERNAL
  endpoints: [{ address: 1.2.3.4, ports: { http: 8080, bad: x } }]
  workloadSelector: { labels: { app: a } }
  exportTo: ["."]
  subjectAltNames: [spiffe://x]`,
    spec: {
      hosts: ['httpbin.org'],
      addresses: ['240.0.0.1'],
      ports: [{ index: 0, number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }, { index: 1 }],
      resolution: 'DNS',
      location: 'MESH_EXTERNAL',
      endpoints: [{ address: '1.2.3.4', ports: { http: 8080 }, labels: {} }],
      workloadSelector: { app: 'a' },
      exportTo: ['.'],
      subjectAltNames: ['spiffe://x'],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    body: 'spec: { hosts: httpbin.org, ports: 80, exportTo: }',
    spec: { hosts: [], addresses: [], ports: [], endpoints: [], subjectAltNames: [] },
  },
  {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'WorkloadEntry',
    body: 'spec: { address: 1.2.3.4, serviceAccount: vm, labels: { app: a }, ports: { http: 80 } }',
    spec: { address: '1.2.3.4', serviceAccount: 'vm', labels: { app: 'a' }, ports: { http: 80 } },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    body: `spec:
  host: httpbin.org
  exportTo: []
  workloadSelector: { matchLabels: { app: a } }
  trafficPolicy:
    tls: { mode: MUTUAL, sni: s, credentialName: c, caCertificates: ca, clientCertificate: cc, privateKey: k, subjectAltNames: [a], insecureSkipVerify: true }
    connectionPool: { tcp: { maxConnections: 1 } }
    outlierDetection:
    portLevelSettings:
    - { port: { number: 80 }, tls: { mode: SIMPLE }, loadBalancer: { simple: RANDOM } }
    - { port: 443 }
  subsets: [{ name: v1, labels: { v: "1" }, trafficPolicy: { tls: { mode: DISABLE } } }]`,
    spec: {
      host: 'httpbin.org',
      exportTo: [],
      workloadSelector: { matchLabels: { app: 'a' } },
      trafficPolicy: {
        tls: {
          mode: 'MUTUAL',
          sni: 's',
          credentialName: 'c',
          caCertificates: 'ca',
          clientCertificate: 'cc',
          privateKey: 'k',
          subjectAltNames: ['a'],
          insecureSkipVerify: true,
        },
        portLevelSettings: [
          { index: 0, port: 80, tls: { mode: 'SIMPLE', subjectAltNames: [] }, otherFields: ['loadBalancer'] },
          { index: 1, otherFields: [] },
        ],
        otherFields: ['connectionPool'],
      },
      subsets: [
        {
          name: 'v1',
          labels: { v: '1' },
          trafficPolicy: { tls: { mode: 'DISABLE', subjectAltNames: [] }, portLevelSettings: [], otherFields: [] },
        },
      ],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    body: `spec:
  hosts: [httpbin.org]
  gateways: [mesh]
  http:
  - match: [{ port: 80, gateways: [mesh], sourceLabels: { a: b }, sourceNamespace: n, uri: { prefix: / } }, { port: 81, name: n }]
    route: [{ destination: { host: h, subset: s, port: { number: 80 } }, weight: 7 }, {}]
    mirror: { host: m }
    mirrorPercentage: { value: 2.5 }
    mirrors: [{ destination: { host: n } }, { destination: { host: o }, percentage: { value: 9 } }, { destination: { host: p }, percentage: {} }]
  - redirect: { uri: / }
  - delegate: { name: d }
  tls: [{ match: [{ sniHosts: [a, b] }], route: [{ destination: { host: t } }] }]
  tcp: [{ route: [] }]`,
    spec: {
      hosts: ['httpbin.org'],
      gateways: ['mesh'],
      http: [
        {
          matches: [
            {
              port: 80,
              gateways: ['mesh'],
              sniHosts: [],
              destinationSubnets: [],
              sourceLabels: { a: 'b' },
              sourceNamespace: 'n',
              http: {
                uri: { how: 'prefix', value: '/' },
                ignoreUriCase: false,
                headers: {},
                withoutHeaders: {},
                queryParams: {},
              },
            },
            { port: 81, gateways: [], sniHosts: [], destinationSubnets: [], sourceLabels: {} },
          ],
          destinations: [{ host: 'h', subset: 's', port: 80, weight: 7 }, {}],
          mirrors: [
            { host: 'm', share: 2.5 },
            { host: 'n', share: 100 },
            { host: 'o', share: 9 },
            { host: 'p', share: 0 },
          ],
          terminal: false,
        },
        { matches: [], destinations: [], mirrors: [], terminal: true, redirect: 301 },
        { matches: [], destinations: [], mirrors: [], delegate: { name: 'd' }, terminal: false },
      ],
      tls: [
        {
          matches: [{ gateways: [], sniHosts: ['a', 'b'], destinationSubnets: [], sourceLabels: {} }],
          destinations: [{ host: 't' }],
          mirrors: [],
          terminal: false,
        },
      ],
      tcp: [{ matches: [], destinations: [], mirrors: [], terminal: false }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    as: 'IstioGateway',
    body: 'spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, protocol: TLS }, hosts: [a], tls: { mode: PASSTHROUGH } }, {}] }',
    spec: {
      selector: { istio: 'egressgateway' },
      servers: [
        {
          index: 0,
          port: 443,
          protocol: 'TLS',
          hosts: ['a'],
          tls: { mode: 'PASSTHROUGH', credentialNames: [], httpsRedirect: false },
        },
        { index: 1, hosts: [] },
      ],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    body: `spec:
  gatewayClassName: istio-waypoint
  listeners:
  - { name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { a: b } } } } }
  - { hostname: "*.x" }`,
    spec: {
      checksClients: false,
      gatewayClassName: 'istio-waypoint',
      listeners: [
        {
          index: 0,
          name: 'mesh',
          port: 15008,
          protocol: 'HBONE',
          allowedRoutes: { from: 'Selector', selector: { matchLabels: { a: 'b' }, matchExpressions: [] } },
        },
        { index: 1, hostname: '*.x' },
      ],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    body: 'spec: { controllerName: istio.io/mesh-controller }',
    spec: { controllerName: 'istio.io/mesh-controller' },
  },
  ...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].map((kind) => ({
    apiVersion: 'gateway.networking.k8s.io/v1alpha2',
    kind,
    body: `spec:
  parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: p, namespace: n, port: 80, sectionName: s }]
  hostnames: [a]
  rules: [{ matches: [{}], filters: [{ type: URLRewrite }], backendRefs: [{ group: networking.istio.io, kind: Hostname, name: h, namespace: n, port: 443, weight: 1 }] }, {}]`,
    spec: {
      parentRefs: [
        { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'p', namespace: 'n', port: 80, sectionName: 's' },
      ],
      hostnames: ['a'],
      rules: [
        {
          backendRefs: [
            {
              group: 'networking.istio.io',
              kind: 'Hostname',
              name: 'h',
              namespace: 'n',
              port: 443,
              weight: 1,
              filters: [],
            },
          ],
          matches: [{ headers: [], queryParams: [] }],
          filters: [{ type: 'URLRewrite' }],
          hasTimeouts: false,
        },
        { backendRefs: [], matches: [], filters: [], hasTimeouts: false },
      ],
    },
  })),
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    body: `spec:
  targetRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: s }, { kind: Gateway, name: g, namespace: n }]
  selector: { matchLabels: { a: b } }
  action: CUSTOM
  provider: { name: ext }
  rules:
  - from: [{ source: { principals: [p], notNamespaces: [n], odd: x } }, {}]
    to: [{ operation: { methods: [GET], ports: [80, "443"] } }]
    when: [{ key: k, values: [v], notValues: [w] }]`,
    spec: {
      targetRefs: [
        { index: 0, singular: false, kind: 'ServiceEntry', group: 'networking.istio.io', name: 's' },
        { index: 1, singular: false, kind: 'Gateway', name: 'g', namespace: 'n' },
      ],
      selector: { matchLabels: { a: 'b' } },
      action: 'CUSTOM',
      provider: 'ext',
      rules: [
        {
          from: [
            {
              fields: [
                { name: 'principals', values: ['p'] },
                { name: 'notNamespaces', values: ['n'] },
              ],
            },
            { fields: [] },
          ],
          to: [
            {
              fields: [
                { name: 'methods', values: ['GET'] },
                { name: 'ports', values: ['443'] },
              ],
            },
          ],
          when: [{ key: 'k', values: ['v'], notValues: ['w'] }],
        },
      ],
    },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    body: 'spec: { rules: [], targetRef: { kind: Gateway, name: g } }',
    spec: { targetRefs: [{ index: 0, singular: true, kind: 'Gateway', name: 'g' }] },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    body: 'spec:\n  rules:\n  -',
    spec: { targetRefs: [], rules: [] },
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    body: `spec:
  targetRefs: [{ kind: Gateway, name: g }]
  accessLogging: [{ match: { mode: CLIENT }, providers: [{ name: envoy }, {}], disabled: true }, {}]
  metrics: [{ providers: [{ name: prometheus }] }]
  tracing: [{ providers: [{ name: zipkin }], disableContextPropagation: true }]`,
    spec: {
      targetRefs: [{ index: 0, singular: false, kind: 'Gateway', name: 'g' }],
      accessLogging: [
        { mode: 'CLIENT', providers: ['envoy'], disabled: true },
        { providers: [], disabled: false },
      ],
      metrics: [{ providers: ['prometheus'] }],
      tracing: [{ providers: ['zipkin'], disableContextPropagation: true }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    body: 'spec: { workloadSelector: { labels: { a: b } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: [./*] }, { hosts: [a/b] }, {}] }',
    spec: {
      workloadSelector: { a: 'b' },
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      egressHosts: ['./*', 'a/b'],
    },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    body: `spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: s, sectionName: https }]
  validation:
    hostname: h
    wellKnownCACertificates: System
    caCertificateRefs: [{ group: "", kind: ConfigMap, name: c }]
    subjectAltNames: [{ type: Hostname, hostname: a }, { type: URI, uri: b }]`,
    spec: {
      targetRefs: [
        {
          index: 0,
          singular: false,
          group: 'networking.istio.io',
          kind: 'ServiceEntry',
          name: 's',
          sectionName: 'https',
        },
      ],
      hostname: 'h',
      wellKnownCACertificates: 'System',
      caCertificateRefs: [{ kind: 'ConfigMap', name: 'c' }],
      subjectAltNames: ['a', 'b'],
    },
  },
];

for (const { apiVersion, kind, as, body, spec } of cases) {
  test(`${apiVersion} ${kind}: ${body.slice(0, 50).replaceAll('\n', ' ')}`, () => {
    const [resource] = read(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${body}\n`).resources;
    assert.equal(resource?.kind, as ?? kind);
    assert.deepEqual(plain(resource?.spec), spec);
  });
}

test("nothing of a secret's data is kept anywhere in the resource", () => {
  const [one] = read(
    'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\nstringData: { token: swordfish }\n',
  ).resources;
  const [other] = read(
    'apiVersion: v1\nkind: Secret\nmetadata: { name: x }\nstringData: { token: trout-eel }\n',
  ).resources;
  assert.ok(!JSON.stringify(one).includes('swordfish'));
  assert.equal(one?.digest, other?.digest);
});
