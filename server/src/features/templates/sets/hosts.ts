// External hosts: what a ServiceEntry declares, with what it needs to work by itself.
import type { Template } from '../template.ts';

const inEgressNamespace = ['egress-namespace'];

export const hostTemplates: readonly Template[] = [
  {
    id: 'service-entry-http-to-https',
    title: 'ServiceEntry: HTTP inside, HTTPS outside',
    description: 'External host that clients call in plain HTTP, with the DestinationRule that originates TLS',
    asks: ['namespace', 'host'],
    namedAfter: 'host',
    buildsOn: inEgressNamespace,
    since: '1.25',
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {host}
  ports:
  - number: {port}
    name: http
    protocol: HTTP
    targetPort: {targetPort}
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: {host}
  trafficPolicy:
    tls:
      mode: SIMPLE
`,
  },
  {
    id: 'service-entry-https',
    title: 'ServiceEntry: HTTPS pass-through',
    description: 'External host that clients call with TLS of their own',
    asks: ['namespace', 'host'],
    namedAfter: 'host',
    buildsOn: [],
    values: { host: 'api.github.com', name: 'github-api' },
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {host}
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: DNS
`,
  },
  {
    id: 'service-entry-tcp',
    title: 'ServiceEntry: TCP',
    description: 'External database, or another host that does not speak HTTP',
    asks: ['namespace', 'host', 'port'],
    namedAfter: 'host',
    buildsOn: [],
    values: { host: 'db.example.com', name: 'db', port: '5432' },
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {host}
  ports:
  - number: {port}
    name: tcp
    protocol: TCP
  resolution: DNS
`,
  },
  {
    id: 'service-entry-static',
    title: 'ServiceEntry: fixed IP address',
    description: 'External host whose IP address is known and in no DNS',
    asks: ['namespace', 'host', 'address'],
    namedAfter: 'host',
    buildsOn: [],
    values: { host: 'ledger.example.com', name: 'ledger' },
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {host}
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: STATIC
  endpoints:
  - address: {address}
`,
  },
  {
    id: 'service-entry-wildcard',
    title: 'ServiceEntry: wildcard, resolved for each request',
    description:
      'All hosts below a domain (DYNAMIC_DNS), called in plain HTTP, with the DestinationRule that originates TLS',
    asks: ['namespace', 'wildcard'],
    namedAfter: 'wildcard',
    buildsOn: inEgressNamespace,
    since: '1.28',
    values: { name: 'wikipedia' },
    body: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - "{wildcard}"
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  resolution: DYNAMIC_DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: "{wildcard}"
  trafficPolicy:
    tls:
      mode: SIMPLE
`,
  },
  {
    id: 'http-route-service-entry',
    title: 'HTTPRoute on a ServiceEntry',
    description: 'Route for an external host at the waypoint: timeouts, retries, weights, headers',
    asks: ['namespace', 'entry', 'host', 'port'],
    namedAfter: 'entry',
    buildsOn: [...inEgressNamespace, 'service-entry-http-to-https'],
    body: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {name}
  namespace: {namespace}
spec:
  parentRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: {entry}
  rules:
  - timeouts:
      request: {timeout}
    backendRefs:
    - group: networking.istio.io
      kind: Hostname
      name: {host}
      port: {port}
`,
  },
];
