// Random routes of the Gateway API, such as its CRDs let in.
import fc from 'fast-check';
import { maybe, some, type Manifest } from './parts.ts';

const parentRef = fc
  .record({
    index: some(0, 0, 0, 0, 0, 1, 1, 2, 3, 7),
    namespace: some<string | undefined>('own', 'own', 'own', 'own', 'own', 'own', 'own', undefined, 'red', 'blue'),
    port: maybe(some(80, 80, 80, 443, 8080, 9000), 1, 3),
  })
  .map(
    ({ index, namespace, port }): Manifest => ({
      group: 'networking.istio.io',
      kind: 'ServiceEntry',
      name: `entry-${index}`,
      namespace,
      port,
    }),
  );
const parentRefs = fc.uniqueArray(parentRef, { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) });

const hostname = fc.record({
  group: fc.constant('networking.istio.io'),
  kind: fc.constant('Hostname'),
  name: some('one.org', 'one.org', 'one.org', 'two.org', 'two.org', 'api.one.org', 'far.net', 'any.one.org'),
  port: some(-1, -1, -1, -2, -2, -3, 80, 443),
  weight: some(undefined, undefined, 1, 3, 0),
});
const backend = fc.oneof(
  { arbitrary: hostname, weight: 12 },
  {
    arbitrary: some<Manifest>(
      { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'entry-0', port: 80 },
      { name: 'absent', port: 80 },
      { name: 'dotted.name', port: 80 },
      { group: 'networking.istio.io', kind: 'Hostname', name: 'one.org' },
      { group: 'networking.istio.io', kind: 'Hostname', name: 'one.org', namespace: 'red', port: 80 },
    ),
    weight: 1,
  },
);
const backends = fc.array(backend, { minLength: 1, maxLength: 2 });

const value = (name: string, ...values: readonly string[]) =>
  fc
    .record({
      type: some(undefined, 'Exact', 'RegularExpression'),
      name: fc.constant(name),
      value: some(...values, '*'),
    })
    .map((one) => (one.value === '*' ? { ...one, type: 'RegularExpression' } : one));
const headers = maybe(
  some('x-team', 'x-team', 'X-Team')
    .chain((name) => value(name, 'yes', 'no', 'y.s'))
    .map((one) => [one]),
  1,
  2,
);
const queryParams = maybe(
  value('x', '1', '2', '[0-9]').map((one) => [one]),
  1,
  4,
);
const path = maybe(
  fc.oneof(
    fc.record({ type: fc.constant('PathPrefix'), value: some('/', '/get', '/get', '/get/', '/api', '/api/') }),
    fc.record({ type: fc.constant('Exact'), value: some('/', '/get', '/api') }),
    fc.record({ type: fc.constant('RegularExpression'), value: some('/get.*', '/.pi', '.*') }),
    fc.constant<Manifest>({ value: '/api' }),
  ),
  4,
  1,
);
const match = fc.record({ path, headers, queryParams, method: maybe(some('GET', 'POST'), 1, 4) });

const answering = fc.oneof(
  { arbitrary: backends.map((backendRefs): Manifest => ({ backendRefs })), weight: 10 },
  {
    arbitrary: fc
      .tuple(
        backends,
        some<Manifest>(
          { type: 'URLRewrite', urlRewrite: { hostname: 'rewritten.org' } },
          { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } } },
          { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'Host', value: 'set.org' }] } },
          { type: 'RequestHeaderModifier', requestHeaderModifier: { add: [{ name: 'x-a', value: 'b' }] } },
          { type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'x-a', value: 'b' }] } },
          { type: 'RequestMirror', requestMirror: { backendRef: { name: 'absent', port: 80 } } },
          { type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Thing', name: 'x' } },
        ),
      )
      .map(([backendRefs, filter]): Manifest => ({ backendRefs, filters: [filter] })),
    weight: 4,
  },
  {
    arbitrary: some<Manifest>(
      { filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'else.org' } }] },
      { filters: [{ type: 'RequestRedirect', requestRedirect: { statusCode: 301 } }] },
    ),
    weight: 2,
  },
  { arbitrary: fc.constant<Manifest>({}), weight: 1 },
);
const httpRules = fc.array(
  fc
    .tuple(fc.array(match, { maxLength: 2 }), answering)
    .map(([matches, rest]): Manifest => ({ matches: matches.length > 0 ? matches : undefined, ...rest })),
  { minLength: 1, maxLength: 3 },
);

const grpcMatch = fc.record({
  method: maybe(
    fc
      .record({
        type: some(undefined, 'Exact', 'RegularExpression'),
        service: maybe(some('shop.Cart', 'shop.Bill', 'shop.*'), 3),
        method: maybe(some('Add', 'Drop', '.*'), 1),
      })
      .map((one) => ({ ...one, ...(/[*]/.test(`${one.service}${one.method}`) ? { type: 'RegularExpression' } : {}) }))
      .filter(({ service, method }) => service !== undefined || method !== undefined),
    4,
  ),
  headers,
});
const grpcFilter = maybe(
  some<Manifest>(
    { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: 'b' }] } },
    { type: 'RequestMirror', requestMirror: { backendRef: { name: 'absent', port: 80 } } },
    {
      type: 'RequestMirror',
      requestMirror: { backendRef: { group: 'networking.istio.io', kind: 'Hostname', name: 'two.org' } },
    },
  ).map((one) => [one]),
  1,
  6,
);
const grpcRules = fc.array(
  fc.record({
    matches: maybe(fc.array(grpcMatch, { minLength: 1, maxLength: 2 }), 3),
    filters: grpcFilter,
    backendRefs: fc.array(backend, { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 2 },
);

const byteRules = backends.map((backendRefs) => [{ backendRefs }]);
const serverNames = some(
  ['one.org'],
  ['one.org'],
  ['two.org'],
  ['api.one.org', 'one.org'],
  ['*.one.org'],
  ['one.org', 'two.org'],
);

const route = fc.oneof(
  {
    arbitrary: httpRules.map((rules) => ({ kind: 'HTTPRoute', apiVersion: 'gateway.networking.k8s.io/v1', rules })),
    weight: 6,
  },
  {
    arbitrary: grpcRules.map((rules) => ({ kind: 'GRPCRoute', apiVersion: 'gateway.networking.k8s.io/v1', rules })),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(byteRules, serverNames).map(([rules, hostnames]) => ({
      kind: 'TLSRoute',
      apiVersion: 'gateway.networking.k8s.io/v1',
      rules,
      hostnames,
    })),
    weight: 2,
  },
  {
    arbitrary: byteRules.map((rules) => ({
      kind: 'TCPRoute',
      apiVersion: 'gateway.networking.k8s.io/v1alpha2',
      rules,
    })),
    weight: 1,
  },
);

export const gatewayRoutes = fc
  .array(fc.record({ route, parentRefs, namespace: some('red', 'red', 'red', 'blue', 'blue', 'clients') }), {
    maxLength: 4,
  })
  .map((all) =>
    all.map(
      ({ route: { kind, apiVersion, ...spec }, parentRefs: parents, namespace }, i): Manifest => ({
        apiVersion,
        kind,
        metadata: { name: `route-${i}`, namespace },
        spec: { parentRefs: parents, ...spec },
      }),
    ),
  );
