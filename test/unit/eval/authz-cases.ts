// Policies on one entry and what becomes of requests to it. A line is `allow|deny|custom|unknown METHOD PATH [key=value ...]`; TCP connections
// have `-` for method and path. Keys: from (namespace/account), host (`:authority`), port (80 HTTP, 443 TLS, 9000 TCP, 81 without protocol),
// ip, sni, xff, auth, and any header as `h.NAME`. The entry is httpbin.org in namespace egress, at 192.0.2.10; the client is app/curl at 10.1.2.3.

export interface AuthzCase {
  readonly title: string;
  /** The paragraph or function of Istio that it rests on. */
  readonly rests: string;
  /** Specs in YAML's flow style, without braces; `@dry-run ` before one is the annotation, `@NAMESPACE ` another namespace. Without a target it is the entry. */
  readonly policies: readonly string[];
  readonly lines: readonly string[];
  /** What the webhook says where it would not let the policies in. */
  readonly refused?: string;
}

const to = (fields: string): string => `rules: [{ to: [{ operation: { ${fields} } }] }]`;
const from = (fields: string): string => `rules: [{ from: [{ source: { ${fields} } }] }]`;
const when = (fields: string): string => `rules: [{ when: [{ ${fields} }] }]`;
const deny = (rest: string): string => `action: DENY, ${rest}`;
const custom = (rest: string, provider = 'authz'): string => `action: CUSTOM, provider: { name: ${provider} }, ${rest}`;
const gateway = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gate }]';

export const authzCases: readonly AuthzCase[] = [
  {
    title: 'no policy',
    rests: '4.11',
    policies: [],
    lines: ['allow GET /', 'allow - - port=443', 'allow - - port=9000'],
  },
  {
    title: 'an ALLOW without rules allows nothing',
    rests: '4.12',
    policies: ['action: ALLOW'],
    lines: ['deny GET /', 'deny - - port=443'],
  },
  { title: 'no action is ALLOW', rests: '4.12', policies: ['{}'], lines: ['deny GET /'] },
  {
    title: 'an empty rule matches everything',
    rests: '4.12',
    policies: ['rules: [{}]'],
    lines: ['allow GET /', 'allow - - port=443', 'allow POST /x from=other/x'],
  },
  {
    title: 'a DENY of everything',
    rests: '4.11',
    policies: [deny('rules: [{}]'), 'rules: [{}]'],
    lines: ['deny GET /', 'deny - - port=9000'],
  },
  {
    title: 'DENY before ALLOW',
    rests: '4.10',
    policies: [to('methods: [GET, POST]'), deny(to('paths: [/admin]'))],
    lines: ['allow GET /get', 'deny GET /admin', 'deny PUT /get', 'allow POST /x', 'deny POST /admin'],
  },
  {
    title: 'ALLOWs add up',
    rests: '4.11',
    policies: [to('methods: [GET]'), to('paths: [/upload]')],
    lines: ['allow GET /', 'allow POST /upload', 'deny POST /'],
  },
  {
    title: 'an ALLOW on the Gateway is for every entry',
    rests: '4.11',
    policies: [`${gateway}, ${from('serviceAccounts: [app/curl]')}`],
    lines: ['allow GET /', 'deny GET / from=app/other', 'deny - - port=443 from=app/other'],
  },
  {
    title: "a Gateway reference in another namespace than the Gateway's",
    rests: '4.4',
    policies: [`@other ${gateway}, ${to('methods: [PUT]')}`],
    lines: ['allow GET /'],
  },
  {
    title: 'the class, from the root namespace',
    rests: '4.4',
    policies: [
      '@istio-system targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], action: DENY, rules: [{}]',
    ],
    lines: ['deny GET /'],
  },
  {
    title: 'the class, from elsewhere',
    rests: '4.4',
    policies: [
      'targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], action: DENY, rules: [{}]',
    ],
    lines: ['allow GET /'],
  },
  {
    title: 'a selector is not for waypoints',
    rests: '4.1',
    policies: [
      'selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: gate } }, action: DENY, rules: [{}]',
    ],
    lines: ['allow GET /'],
  },
  {
    title: 'an entry is named by its name, not its host',
    rests: '4.4',
    policies: [
      'targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin.org }], action: DENY, rules: [{}]',
    ],
    lines: ['allow GET /'],
  },
  {
    title: 'an entry of another namespace cannot be named',
    rests: '4.4',
    policies: ['@other action: DENY, rules: [{}]'],
    lines: ['allow GET /'],
  },

  {
    title: 'methods are exact and case-sensitive',
    rests: '4.22',
    policies: [to('methods: [get]')],
    lines: ['deny GET /', 'allow get /'],
  },
  {
    title: 'methods by prefix and suffix',
    rests: '4.20',
    policies: [to('methods: ["P*", "*T"]')],
    lines: ['allow PUT /', 'allow POST /', 'allow GET /', 'deny DELETE /', 'allow PATCH /'],
  },
  { title: 'any method', rests: '4.20', policies: [to('methods: ["*"]')], lines: ['allow GET /', 'allow PURGE /'] },
  {
    title: 'not these methods',
    rests: '4.14',
    policies: [to('notMethods: [POST, "D*"]')],
    lines: ['allow GET /', 'deny POST /', 'deny DELETE /'],
  },

  {
    title: 'a path is exact',
    rests: '4.20',
    policies: [to('paths: [/get]')],
    lines: [
      'allow GET /get',
      'allow GET /get?x=1',
      'deny GET /get/',
      'deny GET /GET',
      'allow GET /a/../get',
      'deny GET /getter',
    ],
  },
  {
    title: 'paths by prefix and suffix',
    rests: '4.20',
    policies: [to('paths: ["/api/*", "*.json"]')],
    lines: [
      'allow GET /api/',
      'deny GET /api',
      'allow GET /api/v1/x',
      'allow GET /data.json',
      'allow GET /data.json?x',
      'deny GET /data.jsonp',
    ],
  },
  {
    title: 'a star inside is a character',
    rests: '4.20',
    policies: [to('paths: ["/a/*/b"]')],
    lines: ['deny GET /a/x/b', 'allow GET /a/*/b'],
  },
  {
    title: 'a query in a path never matches',
    rests: '4.22',
    policies: [to('paths: ["/get?x=1"]')],
    lines: ['deny GET /get?x=1'],
  },
  {
    title: 'a template of one segment',
    rests: '4.22',
    policies: [to('paths: ["/users/{*}/items"]')],
    lines: [
      'allow GET /users/42/items',
      'deny GET /users/items',
      'deny GET /users/4/2/items',
      'deny GET /users/42/items/7',
      'allow GET /users/a.b-c/items?x=1',
      'deny GET /users//items',
    ],
  },
  {
    title: 'a template of the rest',
    rests: '4.22',
    policies: [to('paths: ["/files/{**}"]')],
    lines: ['allow GET /files/a', 'allow GET /files/a/b/c', 'allow GET /files/', 'deny GET /files', 'deny GET /file/a'],
  },
  {
    title: 'a template takes the characters of a URI only',
    rests: '4.22',
    policies: [to('paths: ["/users/{*}/items", "/files/{**}"]')],
    lines: [
      "allow GET /users/a.b_c~d%20!$&'()+,;:@-/items",
      'allow GET /users/a=b/items',
      'allow GET /users/a*b/items',
      'deny GET /users/[a]/items',
      'allow GET /files/a:1/b@c',
      'allow GET /files/a=1',
      'allow GET /files/a/b|c',
      'deny GET /files/a/b]c',
    ],
  },
  {
    title: 'a template with both',
    rests: '4.22',
    policies: [to('paths: ["/{*}/x/{**}"]')],
    lines: ['allow GET /a/x/y/z', 'deny GET /a/b/x/y', 'deny GET /x/y', 'allow GET /a/x/'],
  },
  {
    title: 'not these paths',
    rests: '4.14',
    policies: [to('notPaths: ["/admin*"]')],
    lines: ['allow GET /get', 'deny GET /admin', 'deny GET /administer'],
  },
  {
    title: 'paths and not',
    rests: '4.14',
    policies: [to('paths: ["/api/*"], notPaths: ["/api/admin"]')],
    lines: ['allow GET /api/x', 'deny GET /api/admin', 'allow GET /api/admin/x', 'deny GET /x'],
  },

  {
    title: 'hosts in any case',
    rests: '4.21',
    policies: [to('hosts: [HTTPBIN.org]')],
    lines: [
      'allow GET /',
      'allow GET / host=HttpBin.ORG',
      'deny GET / host=httpbin.org:80',
      'deny GET / host=www.httpbin.org',
    ],
  },
  {
    title: 'hosts with a port',
    rests: '4.21',
    policies: [to('hosts: ["httpbin.org", "httpbin.org:*"]')],
    lines: ['allow GET /', 'allow GET / host=httpbin.org:8080', 'deny GET / host=httpbin.orgx'],
  },
  {
    title: 'hosts by suffix',
    rests: '4.20',
    policies: [to('hosts: ["*.httpbin.org"]')],
    lines: ['deny GET /', 'allow GET / host=www.httpbin.org', 'deny GET / host=www.httpbin.org:80'],
  },
  {
    title: 'a star inside a host',
    rests: '4.20',
    policies: [to('hosts: ["api.*.org"]')],
    lines: ['deny GET / host=api.httpbin.org'],
  },
  {
    title: 'the Host header can be another',
    rests: '4.21',
    policies: [to('hosts: [example.com]')],
    lines: ['allow GET / host=example.com', 'deny GET /'],
  },
  {
    title: 'not these hosts',
    rests: '4.14',
    policies: [to('notHosts: [example.com]')],
    lines: ['deny GET / host=example.com', 'allow GET /', 'allow GET / host=example.com:80'],
  },

  {
    title: 'ports are those that the entry numbers',
    rests: '4.30',
    policies: [to('ports: ["80"]')],
    lines: ['allow GET /', 'deny - - port=443', 'deny GET / port=81'],
  },
  {
    title: 'a target port never matches',
    rests: '4.30',
    policies: [to('ports: ["8443"]')],
    lines: ['deny GET /', 'deny - - port=443'],
  },
  {
    title: 'not this port',
    rests: '4.14',
    policies: [deny(to('notPorts: ["443"]'))],
    lines: ['deny GET /', 'allow - - port=443', 'deny - - port=9000'],
  },
  {
    title: 'destination.port',
    rests: '4.26',
    policies: [when('key: destination.port, values: ["443", "9000"]')],
    lines: ['deny GET /', 'allow - - port=443', 'allow - - port=9000'],
  },

  {
    title: 'a principal',
    rests: '4.23',
    policies: [from('principals: [cluster.local/ns/app/sa/curl]')],
    lines: ['allow GET /', 'deny GET / from=app/other', 'allow - - port=443', 'deny GET / from=application/curl'],
  },
  {
    title: 'principals by prefix and suffix',
    rests: '4.20',
    policies: [from('principals: ["cluster.local/ns/app/*", "*/sa/batch"]')],
    lines: ['allow GET /', 'allow GET / from=x/batch', 'deny GET / from=x/curl'],
  },
  {
    title: 'any identity',
    rests: '4.23',
    policies: [from('principals: ["*"]')],
    lines: ['allow GET /', 'allow - - port=9000'],
  },
  {
    title: 'stars in the middle of a principal',
    rests: '4.20',
    policies: [from('principals: ["*/ns/*/sa/curl"]')],
    lines: ['deny GET /'],
  },
  {
    title: 'another trust domain',
    rests: '4.23',
    policies: [from('principals: [other/ns/app/sa/curl]')],
    lines: ['deny GET /'],
  },
  {
    title: 'not this principal',
    rests: '4.14',
    policies: [from('notPrincipals: ["cluster.local/ns/app/*"]')],
    lines: ['deny GET /', 'allow GET / from=x/curl'],
  },
  {
    title: 'namespaces',
    rests: '4.20',
    policies: [from('namespaces: [app, "b*y"]')],
    lines: [
      'allow GET /',
      'allow GET / from=batchy/x',
      'deny GET / from=application/x',
      'deny GET / from=b/x',
      'allow - - port=443',
    ],
  },
  {
    title: 'a dot in a namespace is a dot',
    rests: '4.20',
    policies: [from('namespaces: ["a.p"]')],
    lines: ['deny GET /'],
  },
  {
    title: 'not these namespaces',
    rests: '4.14',
    policies: [deny(from('notNamespaces: [app]'))],
    lines: ['allow GET /', 'deny GET / from=x/curl'],
  },
  {
    title: 'a service account of another namespace',
    rests: '4.23',
    policies: [from('serviceAccounts: [app/curl]')],
    lines: ['allow GET /', 'deny GET / from=app/curls', 'deny GET / from=xapp/curl'],
  },
  {
    title: "a bare service account is the policy's namespace's",
    rests: '4.23',
    policies: [from('serviceAccounts: [curl]')],
    lines: ['deny GET /', 'allow GET / from=egress/curl'],
  },
  {
    title: 'a dot in a service account is a dot',
    rests: '4.23',
    policies: [from('serviceAccounts: [app/batch.job]')],
    lines: ['deny GET / from=app/batch-job', 'allow GET / from=app/batch.job'],
  },
  {
    title: 'not these service accounts',
    rests: '4.14',
    policies: [from('notServiceAccounts: [app/curl]')],
    lines: ['deny GET /', 'allow GET / from=app/other'],
  },
  {
    title: 'source.serviceAccount',
    rests: '4.26',
    policies: [when('key: source.serviceAccount, values: [app/curl]')],
    lines: ['allow GET /', 'deny GET / from=app/x'],
  },
  {
    title: 'source.namespace and not',
    rests: '4.26',
    policies: [when('key: source.namespace, values: ["*"], notValues: [app]')],
    lines: ['deny GET /', 'allow GET / from=x/y'],
  },
  {
    title: 'source.principal',
    rests: '4.26',
    policies: [when('key: source.principal, values: ["*/sa/curl"]')],
    lines: ['allow GET /', 'deny GET / from=app/x'],
  },
  {
    title: 'source.trustDomain',
    rests: '4.20',
    policies: [when('key: source.trustDomain, values: ["clus*"]')],
    lines: ['allow GET /', 'allow - - port=443'],
  },
  {
    title: 'another source.trustDomain',
    rests: '4.20',
    policies: [when('key: source.trustDomain, notValues: [cluster.local]')],
    lines: ['deny GET /'],
  },

  {
    title: 'ipBlocks',
    rests: '4.25',
    policies: [from('ipBlocks: [10.1.0.0/16, 192.0.2.1]')],
    lines: [
      'allow GET /',
      'deny GET / ip=10.2.0.1',
      'allow GET / ip=192.0.2.1',
      'deny GET / ip=2001:db8::1',
      'allow - - port=443',
    ],
  },
  {
    title: 'ipBlocks of IPv6',
    rests: '4.25',
    policies: [from('ipBlocks: ["2001:db8::/32"]')],
    lines: ['allow GET / ip=2001:db8:1::5', 'deny GET / ip=2001:db9::1', 'deny GET /'],
  },
  {
    title: 'not these blocks',
    rests: '4.14',
    policies: [from('notIpBlocks: [10.0.0.0/8]')],
    lines: ['deny GET /', 'allow GET / ip=192.168.1.1'],
  },
  {
    title: 'remoteIpBlocks without X-Forwarded-For',
    rests: '4.25',
    policies: [from('remoteIpBlocks: [10.0.0.0/8]')],
    lines: ['allow GET /', 'deny GET / ip=192.168.1.1'],
  },
  {
    title: 'source.ip and remote.ip',
    rests: '4.26',
    policies: [
      'rules: [{ when: [{ key: source.ip, values: [10.1.2.3] }, { key: remote.ip, notValues: [10.9.0.0/16] }] }]',
    ],
    lines: ['allow GET /', 'deny GET / ip=10.9.0.1'],
  },
  {
    title: 'destination.ip is what the client dials',
    rests: '4.25',
    policies: [when('key: destination.ip, values: [192.0.2.0/24]')],
    lines: ['allow GET /', 'allow - - port=443'],
  },
  {
    title: 'destination.ip of the real host',
    rests: '4.25',
    policies: [when('key: destination.ip, values: [203.0.113.0/24]')],
    lines: ['deny GET /'],
  },

  {
    title: 'a header',
    rests: '4.26',
    policies: [when('key: "request.headers[X-Team]", values: ["blue", "red*"]')],
    lines: ['allow GET / h.x-team=blue', 'allow GET / h.x-team=reddish', 'deny GET / h.x-team=Blue', 'deny GET /'],
  },
  {
    title: 'a header that is there',
    rests: '4.20',
    policies: [when('key: "request.headers[x-team]", values: ["*"]')],
    lines: ['allow GET / h.x-team=blue', 'allow GET / h.x-team=', 'deny GET /'],
  },
  {
    title: 'not this header value',
    rests: '4.14',
    policies: [when('key: "request.headers[x-team]", notValues: [blue]')],
    lines: ['deny GET / h.x-team=blue', 'allow GET / h.x-team=red', 'allow GET /'],
  },
  {
    title: 'claims without a token',
    rests: '4.26',
    policies: [when('key: "request.auth.claims[iss]", values: [a]')],
    lines: ['deny GET /'],
  },
  {
    title: 'no request principal',
    rests: '4.26',
    policies: [deny(from('notRequestPrincipals: ["*"]'))],
    lines: ['deny GET /'],
  },
  {
    title: 'connection.sni on a TLS port',
    rests: '4.43',
    policies: [when('key: connection.sni, values: ["*.org"]')],
    lines: [
      'allow - - port=443 sni=httpbin.org',
      'deny - - port=443 sni=evil.example',
      'deny GET /',
      'deny - - port=9000',
    ],
  },
  {
    title: 'not this server name',
    rests: '4.43',
    policies: [deny(when('key: connection.sni, notValues: [httpbin.org]'))],
    lines: ['allow - - port=443 sni=httpbin.org', 'deny - - port=443 sni=x.org', 'deny GET /'],
  },

  {
    title: 'fields of one operation all hold',
    rests: '4.14',
    policies: [to('methods: [GET], paths: [/get]')],
    lines: ['allow GET /get', 'deny POST /get', 'deny GET /x'],
  },
  {
    title: 'several operations are alternatives',
    rests: '4.14',
    policies: ['rules: [{ to: [{ operation: { methods: [GET] } }, { operation: { paths: [/x] } }] }]'],
    lines: ['allow GET /', 'allow POST /x', 'deny POST /'],
  },
  {
    title: 'from and to and when all hold',
    rests: '4.14',
    policies: [
      'rules: [{ from: [{ source: { namespaces: [app] } }], to: [{ operation: { methods: [GET] } }], when: [{ key: "request.headers[x-team]", values: [blue] }] }]',
    ],
    lines: [
      'allow GET / h.x-team=blue',
      'deny GET /',
      'deny POST / h.x-team=blue',
      'deny GET / h.x-team=blue from=x/y',
    ],
  },
  {
    title: 'every condition holds',
    rests: '4.14',
    policies: [
      'rules: [{ when: [{ key: source.namespace, values: [app] }, { key: destination.port, values: ["80"] }] }]',
    ],
    lines: ['allow GET /', 'deny GET / from=x/y', 'deny - - port=443'],
  },
  {
    title: 'several sources are alternatives',
    rests: '4.14',
    policies: ['rules: [{ from: [{ source: { namespaces: [app] } }, { source: { ipBlocks: [10.1.2.3] } }] }]'],
    lines: ['allow GET /', 'allow GET / from=x/y', 'allow GET / ip=10.9.9.9', 'deny GET / from=x/y ip=10.9.9.9'],
  },

  {
    title: 'ALLOW of methods on TCP vanishes',
    rests: '4.40',
    policies: [to('methods: [GET]')],
    lines: ['allow GET /', 'deny - - port=443', 'deny - - port=9000', 'allow GET / port=81'],
  },
  {
    title: 'a rule with one HTTP field vanishes as a whole',
    rests: '4.40',
    policies: [
      'rules: [{ from: [{ source: { namespaces: [app] } }], to: [{ operation: { ports: ["443"] } }, { operation: { paths: [/x] } }] }]',
    ],
    lines: ['deny - - port=443', 'allow GET /x', 'deny GET /y'],
  },
  {
    title: 'the next rule stays',
    rests: '4.40',
    policies: ['rules: [{ to: [{ operation: { methods: [GET] } }] }, { from: [{ source: { namespaces: [app] } }] }]'],
    lines: ['allow - - port=443', 'deny - - port=443 from=x/y', 'allow GET / from=x/y'],
  },
  {
    title: 'DENY of methods on TCP denies everything',
    rests: '4.40',
    policies: [deny(to('methods: [POST]'))],
    lines: ['allow GET /', 'deny POST /', 'deny - - port=443', 'deny - - port=9000'],
  },
  {
    title: 'DENY on TCP keeps what is not HTTP',
    rests: '4.40',
    policies: [deny(to('methods: [POST], ports: ["443"]'))],
    lines: ['allow POST /', 'deny - - port=443', 'allow - - port=9000'],
  },
  {
    title: 'DENY on TCP keeps who it is for',
    rests: '4.40',
    policies: [deny('rules: [{ from: [{ source: { namespaces: [bad] } }], to: [{ operation: { paths: [/x] } }] }]')],
    lines: ['allow - - port=443', 'deny - - port=443 from=bad/x', 'allow GET / from=bad/x', 'deny GET /x from=bad/x'],
  },
  {
    title: 'a not-field of HTTP widens too',
    rests: '4.40',
    policies: [deny(to('notPaths: [/x]'))],
    lines: ['deny GET /', 'allow GET /x', 'deny - - port=443'],
  },
  {
    title: 'request principals are HTTP',
    rests: '4.40',
    policies: [from('requestPrincipals: ["*"]')],
    lines: ['deny GET /', 'deny - - port=443'],
  },
  {
    title: 'AUDIT decides nothing',
    rests: '4.16',
    policies: ['action: AUDIT, rules: [{}]'],
    lines: ['allow GET /', 'allow - - port=443'],
  },

  {
    title: 'a dry run denies nothing',
    rests: '4.15',
    policies: [`@dry-run ${deny('rules: [{}]')}`],
    lines: ['allow GET /', 'allow - - port=443'],
  },
  {
    title: 'a dry run of an ALLOW closes nothing',
    rests: '4.15',
    policies: [`@dry-run ${to('methods: [PUT]')}`],
    lines: ['allow GET /'],
  },
  {
    title: 'a dry run beside what is enforced',
    rests: '4.15',
    policies: [`@dry-run ${deny('rules: [{}]')}`, to('methods: [GET]')],
    lines: ['allow GET /', 'deny POST /'],
  },

  {
    title: 'CUSTOM asks',
    rests: '4.10',
    policies: [custom(to('paths: [/ask]'))],
    lines: ['custom GET /ask', 'allow GET /', 'custom - - port=443'],
  },
  {
    title: 'CUSTOM asks, then DENY denies',
    rests: '4.10',
    policies: [custom(to('paths: ["/ask*"]')), deny(to('methods: [POST]'))],
    lines: ['custom GET /ask', 'deny POST /ask', 'deny POST /', 'allow GET /'],
  },
  {
    title: 'an unknown provider denies',
    rests: '4.16',
    policies: [custom(to('paths: [/ask]'), 'unheard-of')],
    lines: ['deny GET /ask', 'allow GET /'],
  },
  {
    title: 'no provider denies, where it gets past the webhook',
    rests: '4.16',
    refused: '`provider.name` must not be empty',
    policies: [`action: CUSTOM, ${to('paths: [/ask]')}`],
    lines: ['deny GET /ask', 'allow GET /'],
  },
  {
    title: 'two providers deny',
    rests: '4.16',
    policies: [custom(to('paths: [/a]')), custom(to('paths: [/b]'), 'second')],
    lines: ['deny GET /a', 'deny GET /b', 'allow GET /'],
  },
];
