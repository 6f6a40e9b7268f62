// Random AuthorizationPolicies, and the requests that they are asked about.
import fc from 'fast-check';
import { maybe, some, type Manifest } from './manifests.ts';

const targetRef = fc.oneof(
  {
    arbitrary: some(0, 0, 1, 1, 2, 3, 4).map((i) => ({
      group: 'networking.istio.io',
      kind: 'ServiceEntry',
      name: `entry-${i}`,
    })),
    weight: 5,
  },
  {
    arbitrary: some('gate', 'gate', 'side').map((name) => ({
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      name,
    })),
    weight: 4,
  },
  {
    arbitrary: some('istio-waypoint', 'other').map((name) => ({
      group: 'gateway.networking.k8s.io',
      kind: 'GatewayClass',
      name,
    })),
    weight: 2,
  },
  { arbitrary: fc.constant({ group: '', kind: 'Service', name: 'entry-0' }), weight: 1 },
);
const target = fc.oneof(
  { arbitrary: fc.array(targetRef, { minLength: 1, maxLength: 2 }).map((targetRefs) => ({ targetRefs })), weight: 8 },
  { arbitrary: targetRef.map((ref) => ({ targetRef: ref })), weight: 1 },
  {
    arbitrary: some<Manifest>(
      {},
      { selector: { matchLabels: { app: 'x' } } },
      { selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'gate' } } },
    ),
    weight: 1,
  },
);

function list(...values: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc.uniqueArray(some(...values), { minLength: 1, maxLength: 2 });
}
const principals = list(
  '*',
  'cluster.local/ns/red/sa/curl',
  'cluster.local/ns/red/*',
  '*/sa/curl',
  '*/ns/*/sa/curl',
  'cluster.local/ns/clients/sa/batch-job',
  'other.domain/ns/red/sa/curl',
);
const namespaceValues = list('red', 'clients', '*', 'cli*', '*ents', 'c*s', 're.');
const accounts = list('red/curl', 'curl', 'clients/batch-job', 'clients/batch.job', 'clients/curl');
const blocks = list('10.0.0.0/8', '10.1.2.3', '192.168.0.0/16', '10.1.2.0/24', '2001:db8::/32');
const ports = list('80', '443', '8080', '8443', '9000');
const methods = list('GET', 'POST', 'get', 'P*', '*T', '*');
const paths = list(
  '/',
  '/get',
  '/api/*',
  '*.json',
  '*',
  '/api/{*}/items',
  '/api/{**}',
  '/{*}/x/{**}',
  '/a*b',
  '/get?x=1',
);
const hosts = list(
  'one.org',
  'ONE.org',
  'one.org:*',
  '*.one.org',
  '*',
  'api.*',
  'one.*',
  'two.org',
  'api.*.org',
  '*:8080',
);
const requestPrincipals = list('*', 'issuer/subject', 'issuer/*');
const headers = list('yes', 'y*', '*s', '*', 'no');
const serverNames = list('one.org', '*.org', 'one*', '*', 'evil.example');

const source = fc.oneof(
  {
    arbitrary: fc.record({
      serviceAccounts: maybe(accounts, 3),
      notServiceAccounts: maybe(accounts, 1, 4),
      ipBlocks: maybe(blocks, 1, 4),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      principals: maybe(principals, 1, 1),
      notPrincipals: maybe(principals, 1, 4),
      namespaces: maybe(namespaceValues, 1, 2),
      notNamespaces: maybe(namespaceValues, 1, 4),
      ipBlocks: maybe(blocks, 1, 4),
      notIpBlocks: maybe(blocks, 1, 6),
      remoteIpBlocks: maybe(blocks, 1, 8),
      requestPrincipals: maybe(requestPrincipals, 1, 8),
      notRequestPrincipals: maybe(requestPrincipals, 1, 9),
    }),
    weight: 4,
  },
);
const operation = fc.record({
  hosts: maybe(hosts, 1, 2),
  notHosts: maybe(hosts, 1, 6),
  methods: maybe(methods, 1, 2),
  notMethods: maybe(methods, 1, 6),
  paths: maybe(paths, 1, 2),
  notPaths: maybe(paths, 1, 6),
  ports: maybe(ports, 1, 3),
  notPorts: maybe(ports, 1, 6),
});
function condition(key: string, values: fc.Arbitrary<readonly string[]>): fc.Arbitrary<Manifest> {
  return fc.oneof(
    values.map((own) => ({ key, values: own })),
    values.map((own) => ({ key, notValues: own })),
    fc.tuple(values, values).map(([own, not]) => ({ key, values: own, notValues: not })),
  );
}
const when = fc.oneof(
  condition('request.headers[x-team]', headers),
  condition('request.headers[X-Team]', headers),
  condition('source.ip', blocks),
  condition('remote.ip', blocks),
  condition('source.namespace', namespaceValues),
  condition('source.serviceAccount', accounts),
  condition('source.principal', principals),
  condition('source.trustDomain', list('cluster.local', '*', 'clus*', '*.local', 'other')),
  condition('destination.ip', list('240.240.0.0/16', '192.0.2.0/24', '10.0.0.0/8', '240.240.0.1')),
  condition('destination.port', ports),
  condition('connection.sni', serverNames),
  condition('request.auth.claims[iss]', list('a', 'b')),
  condition('request.auth.principal', requestPrincipals),
  condition('request.auth.audiences', list('a', 'b*')),
);
/** An entry without any field is refused. */
function nonEmpty<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return arbitrary.filter((one) => Object.values(one).some((value) => value !== undefined));
}
const policyRule = fc.record({
  from: maybe(
    fc.array(
      nonEmpty(source).map((one) => ({ source: one })),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  to: maybe(
    fc.array(
      nonEmpty(operation).map((one) => ({ operation: one })),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  when: maybe(fc.array(when, { minLength: 1, maxLength: 2 }), 1, 2),
});
/** What Istio takes with CUSTOM: nothing that needs the client's identity. */
const customRule = fc.record({
  from: maybe(
    fc
      .record({ ipBlocks: maybe(blocks), notIpBlocks: maybe(blocks, 1, 3) })
      .filter((one) => Boolean(one.ipBlocks ?? one.notIpBlocks))
      .map((one) => [{ source: one }]),
  ),
  to: maybe(
    nonEmpty(operation).map((one) => [{ operation: one }]),
    3,
  ),
  when: maybe(
    fc
      .oneof(
        condition('request.headers[x-team]', headers),
        condition('destination.port', ports),
        condition('connection.sni', serverNames),
      )
      .map((one) => [one]),
    1,
    2,
  ),
});
const policy = fc.record({
  namespace: some('red', 'red', 'blue', 'istio-system'),
  target,
  action: some(undefined, 'ALLOW', 'ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM'),
  provider: some('authz', 'authz', 'authz', 'unheard-of'),
  rules: maybe(fc.array(policyRule, { minLength: 1, maxLength: 3 }), 9),
  customRules: fc.array(customRule, { minLength: 1, maxLength: 2 }),
  dryRun: some(undefined, undefined, undefined, undefined, undefined, 'true', 'True', 'false'),
});
export const policies = fc.array(policy, { maxLength: 6 }).map((all) =>
  all.map(
    (one, i): Manifest => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: `policy-${i}`,
        namespace: one.namespace,
        annotations: { 'istio.io/dry-run': one.action === 'CUSTOM' || one.action === 'AUDIT' ? undefined : one.dryRun },
      },
      spec: {
        ...one.target,
        action: one.action,
        provider: one.action === 'CUSTOM' ? { name: one.provider } : undefined,
        rules: one.action === 'CUSTOM' ? one.customRules : (one.rules ?? (one.action === 'DENY' ? [{}] : undefined)),
      },
    }),
  ),
);

/** What a client sends, wherever it sends it. */
export interface Call {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly ip: string;
  readonly method: string;
  readonly path: string;
  /** Beside the host, where it is another than that which was dialled. */
  readonly authority: string | undefined;
  readonly withPort: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly sni: string | undefined;
}

export const call: fc.Arbitrary<Call> = fc.record({
  namespace: some('red', 'clients', 'clients', 'blue'),
  serviceAccount: some('curl', 'batch-job', 'default'),
  ip: some('10.1.2.3', '10.9.0.1', '192.168.3.4', '2001:db8::5'),
  method: some('GET', 'GET', 'POST', 'PUT'),
  path: some(
    '/',
    '/get',
    '/get?x=1',
    '/api/v1/items',
    '/api/v1/items/2',
    '/api/',
    '/data.json',
    '/a/x/y',
    '/a/../get',
    '/api//items',
    '/a*b',
  ),
  authority: some(undefined, undefined, undefined, undefined, 'one.org', 'API.one.org'),
  withPort: some(false, false, true),
  headers: some<Readonly<Record<string, string>>>({}, {}, { 'x-team': 'yes' }, { 'x-team': 'no' }, { 'x-team': '' }),
  sni: some(undefined, undefined, 'one.org', 'evil.example'),
});
