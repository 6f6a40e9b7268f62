// The ways of Istio's pages on egress gateways, each with all of its objects, by file name.

const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
`;
const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  ports:
    - { number: 80, name: http, protocol: HTTP }
    - { number: 443, name: tls, protocol: TLS }
  resolution: DNS
`;
const gateway = (servers: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec:
  selector: { istio: egressgateway }
  servers:
${servers}`;
const gatewayHost = 'istio-egressgateway.istio-system.svc.cluster.local';
const http = {
  'namespace.yaml': namespace,
  'entry.yaml': entry,
  'gateway.yaml': gateway(`    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [news.example.com]
`),
  'route.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  gateways: [egress, mesh]
  http:
    - match:
        - gateways: [mesh]
          port: 80
      route: [{ destination: { host: ${gatewayHost}, subset: news, port: { number: 80 } } }]
    - match:
        - gateways: [egress]
          port: 80
      route: [{ destination: { host: news.example.com, port: { number: 80 } } }]
`,
  'rule.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: gateway, namespace: shop }
spec:
  host: ${gatewayHost}
  subsets:
    - name: news
`,
};
const passthrough = {
  ...http,
  'gateway.yaml': gateway(`    - port: { number: 443, name: tls, protocol: TLS }
      hosts: [news.example.com]
      tls: { mode: PASSTHROUGH }
`),
  'route.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  gateways: [egress, mesh]
  tls:
    - match:
        - gateways: [mesh]
          port: 443
          sniHosts: [news.example.com]
      route: [{ destination: { host: ${gatewayHost}, subset: news, port: { number: 443 } } }]
    - match:
        - gateways: [egress]
          port: 443
          sniHosts: [news.example.com]
      route: [{ destination: { host: news.example.com, port: { number: 443 } } }]
`,
};
const origination = {
  ...http,
  'gateway.yaml': gateway(`    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [news.example.com]
      tls: { mode: ISTIO_MUTUAL }
`),
  'route.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  gateways: [egress, mesh]
  http:
    - match:
        - gateways: [mesh]
          port: 80
      route: [{ destination: { host: ${gatewayHost}, subset: news, port: { number: 443 } } }]
    - match:
        - gateways: [egress]
          port: 443
      route: [{ destination: { host: news.example.com, port: { number: 443 } } }]
`,
  'entry.yaml': entry.replace('name: tls, protocol: TLS', 'name: https, protocol: HTTPS'),
  'rule.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: gateway, namespace: shop }
spec:
  host: ${gatewayHost}
  subsets:
    - name: news
      trafficPolicy:
        portLevelSettings:
          - port: { number: 443 }
            tls: { mode: ISTIO_MUTUAL, sni: news.example.com }
`,
  'origin.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: origin, namespace: shop }
spec:
  host: news.example.com
  trafficPolicy:
    portLevelSettings:
      - port: { number: 443 }
        tls: { mode: SIMPLE, sni: news.example.com }
`,
};
const mutual = {
  ...origination,
  'origin.yaml': `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: origin, namespace: istio-system }
spec:
  host: news.example.com
  trafficPolicy:
    portLevelSettings:
      - port: { number: 443 }
        tls: { mode: MUTUAL, credentialName: news-client, sni: news.example.com }
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: { name: news-client, namespace: istio-system }
stringData: { tls.crt: (a certificate), tls.key: (a key), ca.crt: (a certificate) }
`,
};
/** By what the gateway does; `shop` has the clients, `istio-system` the gateway's pods. */
export const classicSets = { http, passthrough, origination, mutual } as const;
