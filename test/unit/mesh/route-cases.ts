// Routes for one host and where its requests go. The entry is api.example.com in namespace egress, with ports 80 HTTP, 8080 GRPC, 443 TLS
// and 9000 TCP, bound to a waypoint there; far.example.com has port 80 and no waypoint. A document is `KIND: SPEC` in YAML's flow style, `KIND@NAMESPACE`
// elsewhere; Gateway API routes get the entry as parent where they name none. A line is `METHOD PATH [key=value ...] > WORDS`, with `-` for
// connections; keys are port, and any header as `h.NAME`. Words are the cluster and its TLS, as `80 http plain` for the host's own.

export interface RouteCase {
  readonly title: string;
  readonly docs: readonly string[];
  readonly lines: readonly string[];
}

const own = (port = 80, rest = '') =>
  `{ group: networking.istio.io, kind: Hostname, name: api.example.com, port: ${port}${rest} }`;
const far = '{ group: networking.istio.io, kind: Hostname, name: far.example.com, port: 80 }';
const to = (port = 80, rest = '') =>
  `route: [{ destination: { host: api.example.com, port: { number: ${port} }${rest} } }]`;
const http = (...rules: readonly string[]) => `HTTPRoute: { rules: [${rules.join(', ')}] }`;
const service = (...rules: readonly string[]) =>
  `VirtualService: { hosts: [api.example.com], http: [${rules.join(', ')}] }`;
const answer = (status: number) => `directResponse: { status: ${status} }`;

export const routeCases: readonly RouteCase[] = [
  {
    title: 'no route',
    docs: [],
    lines: [
      'GET / > 80 http plain',
      'GET / port=8080 > 8080 http plain',
      '- - port=443 > 443 tcp plain',
      '- - port=9000 > 9000 tcp plain',
    ],
  },
  {
    title: 'an HTTPRoute on HTTP ports alone',
    docs: [http(`{ backendRefs: [${own(443)}] }`)],
    lines: [
      'GET / > 443 tcp plain',
      'GET / port=8080 > 443 tcp plain',
      '- - port=443 > 443 tcp plain',
      '- - port=9000 > 9000 tcp plain',
    ],
  },
  {
    title: 'a parent with a port',
    docs: [
      `HTTPRoute: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api, port: 8080 }], rules: [{ backendRefs: [${own(80)}] }] }`,
    ],
    lines: ['GET / > 80 http plain', 'GET / port=8080 > 80 http plain'],
  },
  {
    title: 'a parent without a group is no entry',
    docs: [`HTTPRoute: { parentRefs: [{ kind: ServiceEntry, name: api }], rules: [{ backendRefs: [] }] }`],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'prefixes end at segments in the Gateway API',
    docs: [http(`{ matches: [{ path: { type: PathPrefix, value: /v1 } }], backendRefs: [${own()}] }`)],
    lines: [
      'GET /v1 > 80 http plain',
      'GET /v1/x > 80 http plain',
      'GET /v1?x=1 > 80 http plain',
      'GET /v12 > 404',
      'GET /V1 > 404',
    ],
  },
  {
    title: 'and anywhere in a VirtualService',
    docs: [service(`{ match: [{ uri: { prefix: /v1 } }], ${to()} }`)],
    lines: ['GET /v1 > 80 http plain', 'GET /v12 > 80 http plain', 'GET / > 404'],
  },
  {
    title: 'letters can be made not to count',
    docs: [service(`{ match: [{ uri: { exact: /V1 }, ignoreUriCase: true }], ${to()} }`)],
    lines: ['GET /v1 > 80 http plain', 'GET /v1/ > 404'],
  },
  {
    title: 'an exact path without the query',
    docs: [http(`{ matches: [{ path: { type: Exact, value: /get } }], backendRefs: [${own()}] }`)],
    lines: ['GET /get?x=1 > 80 http plain', 'GET /get/ > 404'],
  },
  {
    title: 'a regular expression for the whole path',
    docs: [http(`{ matches: [{ path: { type: RegularExpression, value: "/v[12]" } }], backendRefs: [${own()}] }`)],
    lines: ['GET /v1 > 80 http plain', 'GET /v1/x > 404', 'GET /v3 > 404'],
  },
  {
    title: 'exact before prefix, prefix before expression',
    docs: [
      http(
        `{ matches: [{ path: { type: RegularExpression, value: "/.*" } }], filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 301 } }] }`,
        '{ matches: [{ path: { type: PathPrefix, value: /v1 } }] }',
        `{ matches: [{ path: { type: Exact, value: /v1 } }], backendRefs: [${own()}] }`,
      ),
    ],
    lines: ['GET /v1 > 80 http plain', 'GET /v1/x > respond 500', 'GET /v2 > redirect 301'],
  },
  {
    title: 'a method before none, and headers by their number',
    docs: [
      http(
        '{ matches: [{ headers: [{ name: a, value: "1" }, { name: b, value: "1" }] }] }',
        `{ matches: [{ method: POST }], backendRefs: [${own()}] }`,
        '{ filters: [{ type: RequestRedirect, requestRedirect: { hostname: x.org } }] }',
      ),
    ],
    lines: ['GET / h.a=1 h.b=1 > respond 500', 'POST / h.a=1 h.b=1 > 80 http plain', 'GET / h.a=1 > redirect 302'],
  },
  {
    title: 'a VirtualService in its own order',
    docs: [
      service(`{ match: [{ uri: { prefix: / } }], ${to()} }`, `{ match: [{ uri: { exact: /get } }], ${answer(418)} }`),
    ],
    lines: ['GET /get > 80 http plain'],
  },
  {
    title: 'nothing behind what takes everything',
    docs: [
      service(
        `{ match: [{ uri: { prefix: /get } }, { uri: { prefix: / } }], ${answer(418)} }`,
        `{ match: [{ uri: { prefix: /x } }], ${to()} }`,
      ),
    ],
    lines: ['GET /x > respond 418'],
  },
  {
    title: 'headers without what they ask for',
    docs: [
      service(
        `{ match: [{ headers: { x-team: {} } }], ${answer(200)} }`,
        `{ match: [{ withoutHeaders: { x-team: { exact: a } } }], ${to()} }`,
      ),
    ],
    lines: ['GET / > 80 http plain', 'GET / h.x-team=a > respond 200', 'GET / h.x-team=b > respond 200'],
  },
  {
    title: 'a header that may not be there',
    docs: [service(`{ match: [{ withoutHeaders: { x-team: {} } }], ${to()} }`)],
    lines: ['GET / > 80 http plain', 'GET / h.x-team=a > 404'],
  },
  {
    title: 'query parameters',
    docs: [http(`{ matches: [{ queryParams: [{ name: x, value: "1" }] }], backendRefs: [${own()}] }`)],
    lines: ['GET /?x=1 > 80 http plain', 'GET /?y=2&x=1 > 80 http plain', 'GET /?x=2&x=1 > 404', 'GET / > 404'],
  },
  {
    title: 'the scheme is HTTP',
    docs: [service(`{ match: [{ scheme: { exact: https } }], ${answer(418)} }`, `{ ${to()} }`)],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'the name that is asked for',
    docs: [service(`{ match: [{ authority: { exact: api.example.com } }], ${to()} }`)],
    lines: ['GET / > 80 http plain', 'GET / h.host=other.org > 404', 'GET / port=8080 > 404'],
  },
  {
    title: 'labels of the source are never met',
    docs: [service(`{ match: [{ sourceLabels: { app: x } }], ${answer(418)} }`, `{ ${to()} }`)],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: "the namespace of the source is the waypoint's",
    docs: [
      service(
        `{ match: [{ sourceNamespace: egress }], ${answer(418)} }`,
        `{ match: [{ sourceNamespace: shop }], ${to()} }`,
      ),
    ],
    lines: ['GET / > respond 418'],
  },
  {
    title: 'a match for another port',
    docs: [service(`{ match: [{ port: 8080 }], ${answer(418)} }`, `{ ${to()} }`)],
    lines: ['GET / > 80 http plain', 'GET / port=8080 > respond 418'],
  },
  {
    title: 'a match for a gateway',
    docs: [service(`{ match: [{ gateways: [egress/out] }], ${answer(418)} }`, `{ ${to()} }`)],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'a VirtualService for a gateway',
    docs: [`VirtualService: { hosts: [api.example.com], gateways: [egress/out], http: [{ ${answer(418)} }] }`],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'a wildcard',
    docs: [`VirtualService: { hosts: ["*.example.com"], http: [{ ${answer(418)} }] }`],
    lines: ['GET / > respond 418'],
  },
  {
    title: 'namespaces of others',
    docs: [
      `VirtualService@shop: { hosts: [api.example.com], http: [{ ${answer(418)} }] }`,
      `HTTPRoute@shop: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api, namespace: egress }], rules: [{ backendRefs: [] }] }`,
    ],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'a VirtualService that nobody sees',
    docs: [`VirtualService: { hosts: [api.example.com], exportTo: [shop], http: [{ ${answer(418)} }] }`],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'without a port: that of the request where several are listed',
    docs: [
      'VirtualService: { hosts: [api.example.com], http: [{ route: [{ destination: { host: api.example.com } }] }] }',
    ],
    lines: ['GET / > 80 http plain', 'GET / port=8080 > 8080 http plain'],
  },
  {
    title: 'without a port: the only one',
    docs: [
      'VirtualService: { hosts: [api.example.com], http: [{ route: [{ destination: { host: far.example.com } }] }] }',
    ],
    lines: ['GET / port=8080 > outbound|80||far.example.com sent'],
  },
  { title: 'a port that is not listed', docs: [service(`{ ${to(81)} }`)], lines: ['GET / > 81 http missing 503'] },
  {
    title: 'the same in the Gateway API',
    docs: [http(`{ backendRefs: [${own(81)}] }`)],
    lines: ['GET / > 81 http missing 500'],
  },
  {
    title: 'a host that is not known',
    docs: [http('{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: none.example.com, port: 80 }] }')],
    lines: ['GET / > inbound-vip|80|http|none.example.com missing 500'],
  },
  {
    title: 'a Service that is not there',
    docs: [http('{ backendRefs: [{ name: none, port: 80 }] }')],
    lines: ['GET / > inbound-vip|80|http|none.egress.svc.cluster.local missing 500'],
  },
  {
    title: 'an entry is no backend',
    docs: [
      http(
        `{ backendRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api, port: 80 }, ${own(80, ', weight: 3')}] }`,
      ),
    ],
    lines: ['GET / > UnknownService *1 missing 500 + 80 http *3 plain'],
  },
  {
    title: 'without a port the whole route is lost',
    docs: [
      http(
        `{ matches: [{ method: PUT }], backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com }] }`,
        '{ backendRefs: [] }',
      ),
    ],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'without weights',
    docs: [http(`{ backendRefs: [${own(80, ', weight: 0')}] }`)],
    lines: ['GET / > respond 500'],
  },
  {
    title: 'two destinations',
    docs: [http(`{ backendRefs: [${own(80, ', weight: 9')}, ${far}] }`)],
    lines: ['GET / > 80 http *9 plain + outbound|80||far.example.com *1 sent'],
  },
  {
    title: 'the Host that is sent',
    docs: [
      http(
        `{ matches: [{ path: { type: PathPrefix, value: /a } }], filters: [{ type: URLRewrite, urlRewrite: { hostname: x.org } }], backendRefs: [${own()}] }`,
        `{ filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: Host, value: y.org }] } }], backendRefs: [${own()}] }`,
      ),
    ],
    lines: ['GET /a > 80 http as x.org plain', 'GET /b > 80 http as y.org plain'],
  },
  {
    title: 'a filter that Istio does not know',
    docs: [
      http(
        `{ filters: [{ type: ExtensionRef, extensionRef: { group: x.org, kind: X, name: x } }], backendRefs: [${own(8080)}] }`,
      ),
    ],
    lines: ['GET / > 80 http plain'],
  },
  {
    title: 'redirects',
    docs: [
      service(
        '{ match: [{ uri: { prefix: /a } }], redirect: { authority: x.org } }',
        '{ match: [{ uri: { prefix: /b } }], redirect: { authority: x.org, redirectCode: 307 } }',
        `{ ${to()} }`,
      ),
    ],
    lines: ['GET /a > redirect 301', 'GET /b > redirect 307', 'GET /c > 80 http plain'],
  },
  {
    title: 'faults',
    docs: [
      service(
        `{ match: [{ uri: { prefix: /a } }], fault: { abort: { httpStatus: 503, percentage: { value: 12.5 } } }, ${to()} }`,
        `{ fault: { abort: { httpStatus: 503 } }, ${to()} }`,
      ),
    ],
    lines: ['GET /a > abort 503 12.5 % or 80 http plain', 'GET / > 80 http plain'],
  },
  {
    title: 'a delegate that is not there leaves nothing',
    docs: [
      service(
        '{ match: [{ uri: { prefix: /a } }], delegate: { name: none } }',
        `{ match: [{ uri: { prefix: /a/b } }], ${to()} }`,
      ),
    ],
    lines: ['GET /a > 404', 'GET /a/b > 80 http plain'],
  },
  {
    title: 'GRPC: service and method',
    docs: [
      `GRPCRoute: { rules: [{ matches: [{ method: { service: shop.Cart, method: Add } }], backendRefs: [${own(8080)}] }, { matches: [{ method: { service: shop.Bill } }], backendRefs: [] }] }`,
    ],
    lines: [
      'POST /shop.Cart/Add port=8080 > 8080 http plain',
      'POST /shop.Cart/Drop port=8080 > 404',
      'POST /shop.Bill/Any port=8080 > respond 500',
      'POST /shop.Cart/Add > 8080 http plain',
    ],
  },
  {
    title: 'GRPC: a method of any service',
    docs: [`GRPCRoute: { rules: [{ matches: [{ method: { method: Add } }], backendRefs: [${own(8080)}] }] }`],
    lines: [
      'POST /shop.Cart/Add port=8080 > 8080 http plain',
      'POST /shop.Cart/Adder port=8080 > 404',
      'POST /a/b/Add port=8080 > 404',
    ],
  },
  {
    title: 'TLS: the host is the one name',
    docs: [`TLSRoute: { hostnames: [api.example.com], rules: [{ backendRefs: [${own(9000)}] }] }`],
    lines: ['- - port=443 > 9000 tcp plain', '- - port=9000 > 9000 tcp plain', 'GET / > 80 http plain'],
  },
  {
    title: 'TLS: another name',
    docs: [`TLSRoute: { hostnames: [other.example.com], rules: [{ backendRefs: [${own(9000)}] }] }`],
    lines: ['- - port=443 > 443 tcp plain'],
  },
  {
    title: 'TLS: of two names that which the entry has',
    docs: [`TLSRoute: { hostnames: [other.org, api.example.com], rules: [{ backendRefs: [${own(9000)}] }] }`],
    lines: ['- - port=443 > 9000 tcp plain'],
  },
  {
    title: 'TLS before TCP, on ports for bytes alike',
    docs: [
      `TCPRoute: { rules: [{ backendRefs: [${far}] }] }`,
      `TLSRoute: { hostnames: [api.example.com], rules: [{ backendRefs: [${own(443)}] }] }`,
    ],
    lines: ['- - port=9000 > 443 tcp plain', '- - port=443 > 443 tcp plain'],
  },
  {
    title: 'TCP',
    docs: [
      `TCPRoute: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api, port: 9000 }], rules: [{ backendRefs: [${far}] }] }`,
    ],
    lines: ['- - port=9000 > outbound|80||far.example.com sent', '- - port=443 > 443 tcp plain'],
  },
  {
    title: 'bytes of a VirtualService',
    docs: [
      `VirtualService: { hosts: [api.example.com], tls: [{ match: [{ sniHosts: [api.example.com], port: 443 }], ${to(9000)} }], tcp: [{ match: [{ port: 9000 }], ${to(443)} }] }`,
    ],
    lines: ['- - port=443 > 9000 tcp plain', '- - port=9000 > 443 tcp plain'],
  },
  {
    title: 'subsets',
    docs: [
      service(
        `{ match: [{ uri: { prefix: /1 } }], ${to(80, ', subset: v1')} }`,
        `{ match: [{ uri: { prefix: /2 } }], ${to(80, ', subset: v2')} }`,
        `{ match: [{ uri: { prefix: /3 } }], ${to(80, ', subset: v3')} }`,
      ),
      'DestinationRule: { host: api.example.com, trafficPolicy: { tls: { mode: SIMPLE } }, subsets: [{ name: v1, labels: { v: a } }, { name: v2, labels: { v: b }, trafficPolicy: { tls: { mode: DISABLE } } }] }',
    ],
    lines: [
      'GET /1 > 80 http/v1 sni=(request) names=(request) roots=file-root:system',
      'GET /2 > 80 http/v2 plain',
      'GET /3 > 80 http/v3 missing 503',
    ],
  },
  {
    title: 'TLS by port level settings behind a route',
    docs: [
      service(`{ ${to(443)} }`),
      'DestinationRule: { host: api.example.com, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: SIMPLE } }] } }',
    ],
    lines: [
      'GET / > 443 tcp sni=(request) names=(request) roots=file-root:system',
      '- - port=443 > 443 tcp sni=- names=- roots=file-root:system',
    ],
  },
];
