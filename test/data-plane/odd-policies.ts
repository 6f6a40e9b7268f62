// One waypoint with random policies, and requests as odd as clients can make them.
import fc from 'fast-check';
import { manifestsOf, type Profile } from '../oracle/generate.ts';
import { some, type Manifest } from '../oracle/manifests.ts';
import { policies, type Call } from '../oracle/policies.ts';

const waypoint = { 'istio.io/use-waypoint': 'gate', 'istio.io/use-waypoint-namespace': 'red' };

const frame: readonly Manifest[] = [
  ...['red', 'blue', 'clients', 'istio-system'].map(
    (name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  ),
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gate', namespace: 'red' },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  },
  entry('entry-0', 'red', 'one.org', [{ number: 80, name: 'http', protocol: 'HTTP' }]),
  entry('entry-1', 'blue', 'two.org', [
    { number: 8080, name: 'http', protocol: 'HTTP' },
    { number: 443, name: 'tls', protocol: 'TLS' },
    { number: 9000, name: 'any' },
  ]),
];

function entry(name: string, namespace: string, host: string, ports: readonly Manifest[]): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace, labels: waypoint },
    spec: { hosts: [host], ports, resolution: 'DNS' },
  };
}

const call: fc.Arbitrary<Call> = fc.record({
  namespace: some('red', 'clients'),
  serviceAccount: some('curl', 'batch-job', 'default'),
  ip: some('10.1.2.3', '10.9.0.1', '192.168.3.4'),
  method: some('GET', 'GET', 'POST', 'PUT', 'get', 'OPTIONS', 'PATCH', 'GE', 'POSTS'),
  path: some(
    '/',
    '/get',
    '/get?x=1',
    '/GET',
    '/get/',
    '//get',
    '/get%2f',
    '/get%2F',
    '/%67et',
    '/get;v=1',
    '/get/../get',
    '/x/%2e%2e/get',
    '/x/..%2fget',
    '/./get',
    '/..',
    '/get?..',
    '/get?x=1?y',
    '/api/v1/items',
    '/api/v1/items/',
    '/api//items',
    '/api/%2e/items',
    '/api/;/items',
    '/api/=/items',
    '/api/v1%2fitems',
    '/%61pi/v1/items',
    '/api',
    '/a*b',
    '/a%2ab',
    '/a%2Ab',
    '/data.json',
    '/data.json?x',
    '/data%2Ejson',
    '/q/x/y',
    '/a"b',
    '/zz%zz/../get',
    '/%00',
    '/get%00',
    '/api\\v1\\items',
    '/get%5c..',
    '/~x',
    '/%7ex',
    '/api/{x}/items',
    '/get|x',
    '/[x]',
  ),
  authority: some(undefined, undefined, undefined, 'ONE.org', 'one.org', 'api.one.org', 'one.org.', 'evil.example'),
  withPort: some(false, false, true),
  headers: some<Readonly<Record<string, string>>>(
    {},
    { 'x-team': 'yes' },
    { 'x-team': 'no' },
    { 'x-team': '' },
    { 'X-Team': 'yes' },
    { 'x-team': 'YES' },
    { 'x-team': 'yes, no' },
  ),
  sni: some(undefined, undefined, 'one.org', 'ONE.org', 'evil.example'),
});

export const oddPolicies: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: policies.filter((own) => own.length > 0).map((own) => manifestsOf(frame, own)),
      calls: fc.array(call, { minLength: 24, maxLength: 24 }),
    }),
  ),
  names: [],
  asks: 'policies',
};
