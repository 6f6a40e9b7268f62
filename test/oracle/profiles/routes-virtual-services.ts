// Random VirtualServices for the mesh, some of which delegate.
import fc from 'fast-check';
import { maybe, some, type Manifest } from './parts.ts';

const destination = fc.record({
  host: some('one.org', 'one.org', 'one.org', 'two.org', 'two.org', 'api.one.org', 'far.net', 'one'),
  subset: maybe(some('v1', 'v1', 'v2', 'v9'), 1, 2),
  port: maybe(
    some(-1, -1, -2, -3, 80, 443).map((number) => ({ number })),
    1,
    1,
  ),
});
const headersSet = maybe(
  some<Manifest>({ request: { set: { Host: 'set.org' } } }, { request: { add: { 'x-a': 'b' } } }),
  1,
  8,
);
const weighted = fc
  .array(fc.record({ destination, headers: headersSet, weight: some(1, 3, 0) }), { minLength: 2, maxLength: 2 })
  .map((all) => (all.every(({ weight }) => weight === 0) ? all.map((one) => ({ ...one, weight: 1 })) : all));
const single = fc.record({ destination, headers: headersSet }).map((one): Manifest[] => [one]);
const to = fc.oneof({ arbitrary: single, weight: 3 }, { arbitrary: weighted, weight: 1 });

const text = (...values: readonly string[]): fc.Arbitrary<Manifest> =>
  fc.oneof(
    { arbitrary: some(...values).map((exact) => ({ exact })), weight: 2 },
    { arbitrary: some(...values).map((prefix) => ({ prefix })), weight: 2 },
    { arbitrary: some('.*', ...values).map((regex) => ({ regex })), weight: 1 },
  );
const named = (anything: boolean) =>
  fc.oneof(
    { arbitrary: text('yes', 'no'), weight: 4 },
    { arbitrary: fc.constant<Manifest>(anything ? {} : { regex: '*' }), weight: 1 },
  );
const conditions = fc
  .record({
    uri: maybe(text('/get', '/get', '/api', '/api/', '/'), 3, 1),
    ignoreUriCase: maybe(fc.constant(true), 1, 9),
    method: maybe(text('GET', 'POST'), 1, 4),
    scheme: maybe(text('http', 'https'), 1, 12),
    authority: maybe(text('one.org', 'two.org'), 1, 8),
    headers: maybe(
      named(true).map((own) => ({ 'x-team': own })),
      1,
      4,
    ),
    withoutHeaders: maybe(
      named(true).map((own) => ({ 'x-team': own })),
      1,
      9,
    ),
    queryParams: maybe(
      text('1', '2').map((own) => ({ x: own })),
      1,
      7,
    ),
    port: maybe(some(80, 443), 1, 7),
    gateways: some<readonly string[] | undefined>(
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      ['mesh'],
      ['red/other'],
      ['mesh', 'red/other'],
    ),
    sourceLabels: maybe(fc.constant({ app: 'x' }), 1, 12),
    sourceNamespace: maybe(some('red', 'clients'), 1, 12),
  })
  .filter((one) => Object.values(one).some((value) => value !== undefined));
const match = maybe(fc.array(conditions, { minLength: 1, maxLength: 2 }), 3, 1);

const fault = maybe(
  fc
    .record({ httpStatus: some(503, 418), percentage: some(undefined, { value: 100 }, { value: 25 }, { value: 0.5 }) })
    .map((abort) => ({ abort })),
  1,
  9,
);
const answering = fc.oneof(
  {
    arbitrary: fc.record({
      route: to,
      fault,
      rewrite: maybe(some<Manifest>({ authority: 'rewritten.org' }, { uri: '/x' }), 1, 6),
      headers: headersSet,
    }),
    weight: 9,
  },
  {
    arbitrary: some<Manifest>(
      { redirect: { authority: 'else.org' } },
      { redirect: { uri: '/x', redirectCode: 308 } },
      { directResponse: { status: 418 } },
      { directResponse: { status: 503, body: { string: 'no' } } },
    ),
    weight: 2,
  },
);
const delegating = some<Manifest>(
  { delegate: { name: 'leaf-0', namespace: 'red' } },
  { delegate: { name: 'leaf-0' } },
  { delegate: { name: 'leaf-1', namespace: 'blue' } },
  { delegate: { name: 'absent' } },
);
const route = (does: fc.Arbitrary<Manifest>) =>
  fc.tuple(match, does).map(([own, rest]): Manifest => ({ match: own, ...rest }));
const http = fc.array(
  fc.oneof({ arbitrary: route(answering), weight: 6 }, { arbitrary: route(delegating), weight: 1 }),
  { minLength: 1, maxLength: 3 },
);

const at = fc.record({
  port: maybe(some(80, 443, 9000), 1, 1),
  gateways: some<readonly string[] | undefined>(undefined, undefined, ['mesh'], ['red/other']),
  sourceLabels: maybe(fc.constant({ app: 'x' }), 1, 7),
  sourceNamespace: maybe(some('red'), 1, 7),
});
const bytes = fc.oneof(
  {
    arbitrary: some<readonly Manifest[]>(
      [{ destination: { host: 'one.org', port: { number: -2 } } }],
      [{ destination: { host: 'two.org' } }],
    ),
    weight: 1,
  },
  { arbitrary: to.map((all) => all.map(({ headers: _, ...rest }): Manifest => rest)), weight: 3 },
);
/** Which server names, of the hosts that the route is for. */
const tls = fc
  .array(fc.tuple(some<'all' | 'first' | 'last' | 'under'>('all', 'first', 'first', 'last', 'under'), at, bytes), {
    minLength: 1,
    maxLength: 2,
  })
  .map(
    (all) => (hosts: readonly string[]) =>
      all.map(
        ([which, own, targets]): Manifest => ({ match: [{ sniHosts: namesOf(which, hosts), ...own }], route: targets }),
      ),
  );
function namesOf(which: 'all' | 'first' | 'last' | 'under', hosts: readonly string[]): readonly string[] {
  if (which === 'all') return hosts;
  const one = which === 'last' ? hosts.at(-1)! : hosts[0]!;
  if (which !== 'under' || !one.startsWith('*.')) return [one];
  return [one === '*.org' ? 'one.org' : `any${one.slice(1)}`];
}

const tcp = fc.array(
  fc.tuple(maybe(at, 1), bytes).map(
    ([own, targets]): Manifest => ({
      match: own && Object.values(own).some((value) => value !== undefined) ? [own] : undefined,
      route: targets,
    }),
  ),
  { minLength: 1, maxLength: 2 },
);

const place = {
  namespace: some('red', 'red', 'red', 'blue', 'blue', 'clients'),
  exportTo: some<readonly string[] | undefined>(
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    ['.'],
    ['*'],
    ['red'],
    ['clients'],
  ),
};
const root = fc
  .record({
    ...place,
    http: maybe(http, 4),
    tls: maybe(tls, 1, 2),
    tcp: maybe(tcp, 1, 2),
    hosts: some(
      ['one.org'],
      ['one.org'],
      ['one.org'],
      ['two.org'],
      ['one.org', 'two.org'],
      ['*.one.org'],
      ['api.one.org'],
      ['*.org'],
    ),
    gateways: some<readonly string[] | undefined>(
      undefined,
      undefined,
      undefined,
      ['mesh'],
      ['mesh', 'red/other'],
      ['red/other'],
    ),
  })
  .filter((one) => Boolean(one.http || one.tls || one.tcp))
  .map(({ tls: own, ...rest }) => ({ ...rest, tls: own?.(rest.hosts) }));
const leaf = fc.record({ ...place, http: fc.array(route(answering), { minLength: 1, maxLength: 2 }) });

const named_ =
  (kind: string) =>
  ({ namespace, ...spec }: Manifest, i: number): Manifest => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `${kind}-${i}`, namespace },
    spec,
  });

export const virtualServices = fc
  .tuple(fc.array(root, { maxLength: 3 }), fc.array(leaf, { maxLength: 2 }))
  .map(([roots, leaves]) => [...roots.map(named_('service')), ...leaves.map(named_('leaf'))]);
