// Who may call what, what is logged, and what goes out past every gateway.
import type { Template } from '../template.ts';

const forHost = ['egress-namespace', 'service-entry-http-to-https'];

export const accessTemplates: readonly Template[] = [
  {
    id: 'authorization-policy-service-entry',
    title: 'AuthorizationPolicy for a ServiceEntry',
    description: 'Who may call one external host through the waypoint',
    asks: ['namespace', 'entry', 'account'],
    namedAfter: 'entry',
    buildsOn: forHost,
    since: '1.25',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: {entry}
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - {account}
`,
  },
  {
    id: 'authorization-policy-methods',
    title: 'AuthorizationPolicy for a ServiceEntry, by HTTP method',
    description: 'Who may call one external host with which method; for hosts that clients call in plain HTTP',
    asks: ['namespace', 'entry', 'account', 'method'],
    namedAfter: 'entry',
    buildsOn: forHost,
    since: '1.25',
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: {entry}
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts:
        - {account}
    to:
    - operation:
        methods:
        - {method}
`,
  },
  {
    id: 'authorization-policy-gateway',
    title: 'AuthorizationPolicy for a waypoint',
    description: 'Who may call any of the hosts behind the waypoint',
    asks: ['namespace', 'waypoint', 'clients'],
    namedAfter: 'waypoint',
    buildsOn: ['egress-waypoint'],
    values: { name: 'egress-gateway' },
    body: `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
  targetRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: {waypoint}
  action: ALLOW
  rules:
  - from:
    - source:
        namespaces:
        - {clients}
`,
  },
  {
    id: 'telemetry-access-log',
    title: 'Telemetry: egress access log',
    description: 'One log line for each request through the waypoint',
    asks: ['namespace', 'waypoint', 'provider'],
    namedAfter: 'waypoint',
    buildsOn: ['egress-waypoint'],
    values: { name: 'egress-gateway' },
    body: `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: {name}-access-log
  namespace: {namespace}
spec:
  targetRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: {waypoint}
  accessLogging:
  - providers:
    - name: {provider}
`,
  },
  {
    id: 'network-policy',
    title: 'NetworkPolicy: no way out but the mesh',
    description: 'Pods of a namespace reach the cluster, its DNS and waypoints, and nothing outside',
    asks: ['clients'],
    namedAfter: 'clients',
    buildsOn: [],
    body: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: inside-only
  namespace: {clients}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  # Every pod of the cluster: DNS, the waypoint and ztunnel are among them.
  - to:
    - namespaceSelector: {}
`,
  },
];
