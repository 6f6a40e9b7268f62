// Edit by edit over random meshes, of waypoints and of sidecars with egress gateways: what `diff` says of a single request, by method, path and
// server name, is what two whole tables of access say of it. DIFFERENCE_MESHES=1000 tries that many; DIFFERENCE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { judgeClause } from '../../../server/src/eval/access/atom.ts';
import { admits, type AccessRow, type Operation } from '../../../server/src/eval/access/row.ts';
import type { Connection } from '../../../server/src/eval/authz/connection.ts';
import { anyOf } from '../../../server/src/eval/authz/outcomes.ts';
import { accessChanges } from '../../../server/src/features/difference/access-changes.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import type { MeshSettings } from '../../../server/src/mesh/settings.ts';
import { patternsFor } from '../../../server/src/names/hosts.ts';
import { readMeshConfig } from '../../../server/src/sources/mesh-config.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { fc } from '../../kit/fast-check.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { classicProfiles, classicSample } from '../../oracle/classic/sample.ts';
import { randomFrom, type Random } from '../../oracle/classic/random.ts';
import { base, samples, type Profile } from '../../oracle/generate.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { policies } from '../../oracle/policies.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['DIFFERENCE_MESHES'] ?? 33);
const seed = Number(process.env['DIFFERENCE_SEED'] ?? 20261129);
const editsOfEach = 4;

interface Start {
  readonly title: string;
  readonly manifests: readonly Manifest[];
  readonly settings: Partial<MeshSettings>;
}

function* ambient(): Generator<Start> {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const more = fc.sample(policies, { seed, numRuns: 100 });
  for (const [k, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries())
      yield {
        title: `profile ${k} mesh ${i}`,
        manifests: [
          ...sample.manifests,
          ...(i % 2 === 0 ? waypointPolicies(sample.manifests) : more[i % more.length]!),
        ],
        settings: settingsOf(sample, profile),
      };
}

function* classic(): Generator<Start> {
  const names = Object.keys(classicProfiles);
  for (const name of names)
    for (let i = 0; i < Math.ceil(wanted / names.length); i++) {
      const { manifests, mesh, gatewayNamespace } = classicSample(name, seed + i);
      const settings = readMeshConfig(parseDocument(JSON.stringify(mesh)).root);
      yield {
        title: `${name} ${seed + i}`,
        manifests: [...manifests, policyOf('by-request', gatewayNamespace, { rules: byRequest })],
        settings,
      };
    }
}

const byRequest = [{ to: [{ operation: { methods: ['GET'], paths: ['/api/*', '/'] } }] }];

/** Unlike most policies of the samples, they tell requests of one client apart. */
function waypointPolicies(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests
    .filter(({ kind, apiVersion }) => kind === 'Gateway' && String(apiVersion).startsWith('gateway.networking.k8s.io'))
    .map(({ metadata }) => {
      const { name, namespace } = metadata as { readonly name: string; readonly namespace: string };
      const targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }];
      return policyOf(`by-request-${name}`, namespace, { targetRefs, rules: byRequest });
    });
}

function policyOf(name: string, namespace: string, spec: object): Manifest {
  return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name, namespace }, spec };
}

/** One change as an author makes it: a resource is taken away or put back, a policy narrowed, a namespace joins or leaves the mesh. */
function edited(now: readonly Manifest[], all: readonly Manifest[], random: Random): readonly Manifest[] {
  const at = random.below(now.length);
  const absent = all.filter(({ kind, metadata }) => !now.some((one) => one['kind'] === kind && same(one, metadata)));
  const change = random.pick('remove', 'restore', 'narrow', 'narrow', 'narrow', 'label');
  if (change === 'restore' && absent.length > 0) return [...now, random.pick(...absent)];
  if (change === 'narrow') return withOne(now, 'AuthorizationPolicy', random, (one) => narrowed(one, random));
  if (change === 'label') return withOne(now, 'Namespace', random, (one) => relabelled(one, random));
  return now.toSpliced(at, 1);
}

function same(one: Manifest, metadata: unknown): boolean {
  return JSON.stringify(one['metadata']) === JSON.stringify(metadata);
}

function withOne(
  now: readonly Manifest[],
  kind: string,
  random: Random,
  change: (one: Manifest) => Manifest,
): readonly Manifest[] {
  const of = now.filter((one) => one['kind'] === kind);
  const chosen = of.length === 0 ? undefined : random.pick(...of);
  return now.map((one) => (one === chosen ? change(one) : one));
}

function narrowed(policy: Manifest, random: Random): Manifest {
  const spec = policy['spec'] as { readonly rules?: readonly Manifest[] };
  const operation = {
    ...random.maybe(0.7, { methods: random.pick(['GET'], ['GET', 'POST'], ['PUT']) }),
    ...random.maybe(0.7, { paths: random.pick(['/get'], ['/api/*'], ['/'], ['*.json']) }),
    ...random.maybe(0.2, { notMethods: ['POST'] }),
  };
  const [first = {}, ...others] = spec.rules ?? [];
  const to = Object.keys(operation).length === 0 ? {} : { to: [{ operation }] };
  return { ...policy, spec: { ...spec, rules: [{ ...first, ...to }, ...others] } };
}

function relabelled(namespace: Manifest, random: Random): Manifest {
  const metadata = namespace['metadata'] as { readonly labels?: object };
  const plane = random.pick({ 'istio.io/dataplane-mode': 'ambient' }, { 'istio-injection': 'enabled' }, {});
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, ...plane } } };
}

const http = ['GET', 'POST', 'PUT'].flatMap((method) =>
  ['/', '/get', '/api/v1/items', '/data.json'].map((path) => ({ method, path })),
);

/** What policies can tell apart of requests to one host and port, apart from the client. */
function connectionsTo({ from, host, port }: Pick<AccessRow, 'from' | 'host' | 'port'>): readonly Connection[] {
  const client = from === '*' ? { namespace: 'unnamed', serviceAccount: 'unnamed' } : from;
  const concrete = host.replace('*', 'x');
  const any = {
    source: {
      namespace: client.namespace,
      serviceAccount: client.serviceAccount ?? 'unnamed',
      trustDomain: 'cluster.local',
      ip: undefined,
    },
    destination: { host: concrete, port, addresses: [] },
  };
  return [
    ...http.map((one): Connection => {
      const request = { ...one, authority: concrete, headers: new Map() };
      return { ...any, chain: 'http', http: request, sni: undefined };
    }),
    ...[undefined, concrete].map((sni): Connection => ({ ...any, chain: 'tcp', http: undefined, sni })),
  ];
}

/** The row of a table that holds for a subject: its own, that of its namespace, that of all others. */
function rowIn(rows: readonly AccessRow[], { from, host, port }: AccessRow): AccessRow | undefined {
  const isFor = (subject: AccessRow['from']) =>
    rows.filter((row) => JSON.stringify(row.from) === JSON.stringify(subject));
  const wider: readonly AccessRow['from'][] =
    from === '*' ? [from] : [from, { namespace: from.namespace, serviceAccount: undefined }, '*'];
  const own = wider.map(isFor).find((some) => some.length > 0) ?? [];
  return patternsFor(host)
    .map((pattern) => own.find((row) => row.host === pattern && row.port === port))
    .find((row) => row !== undefined);
}

interface Met {
  opened: number;
  closed: number;
  /** Changes that are about some requests of a place only. */
  parts: number;
}

function checkEdit(title: string, before: Mesh, after: Mesh, met: Met): void {
  const [was, is] = [accessRows(before), accessRows(after)];
  const keyOf = ({ from, host, port }: Pick<AccessRow, 'from' | 'host' | 'port'>) => JSON.stringify([from, host, port]);
  const changes = new Map(accessChanges(before, after).changes.map((change) => [keyOf(change), change]));
  for (const row of new Map([...was, ...is].map((one) => [keyOf(one), one])).values()) {
    const change = changes.get(keyOf(row));
    const [old, now] = [rowIn(was, row), rowIn(is, row)];
    const told = { opened: 0, closed: 0, same: 0 };
    for (const connection of connectionsTo(row)) {
      const [a, b] = [isSure(old, connection), isSure(now, connection)];
      const opened = has(change?.opened, connection);
      const closed = has(change?.closed, connection);
      if ([a, b, opened, closed].includes(undefined)) continue;
      const where = `${title}: ${keyOf(row)} ${JSON.stringify(connection.http ?? connection.sni)}`;
      assert.deepEqual({ opened, closed }, { opened: !a && b, closed: a && !b }, where);
      told[changeOf(opened, closed)]++;
    }
    met.opened += told.opened;
    met.closed += told.closed;
    if (told.same > 0 && told.opened + told.closed > 0) met.parts++;
    if (told.opened > 0) assert.ok(change?.opens, `${title}: ${keyOf(row)} opens`);
  }
}

function changeOf(opened: boolean | undefined, closed: boolean | undefined): 'opened' | 'closed' | 'same' {
  if (opened) return 'opened';
  return closed ? 'closed' : 'same';
}

/** Undefined where a condition is about something that a sample of a request does not have. */
function isSure(row: AccessRow | undefined, connection: Connection): boolean | undefined {
  if (!row) return false;
  const said = admits(row, connection);
  if (said !== 'unknown') return said === 'yes';
  return row.operations.some(({ clause }) => judgeClause(clause, connection) === 'unknown') ? undefined : false;
}

function has(operations: readonly Operation[] = [], connection: Connection): boolean | undefined {
  const said = anyOf(operations.map(({ clause }) => judgeClause(clause, connection)));
  return said === 'unknown' ? undefined : said === 'yes';
}

for (const [kind, starts] of Object.entries({ ambient, classic }))
  test(`${kind} meshes, edit by edit: the difference is exact for each request`, () => {
    const met: Met = { opened: 0, closed: 0, parts: 0 };
    let number = 0;
    for (const { title, manifests, settings } of starts()) {
      const random = randomFrom(seed + number++);
      const meshOf = (some: readonly Manifest[]) =>
        meshFromYaml(some.map((one) => JSON.stringify(one)).join('\n---\n'), { settings }).mesh;
      let now = manifests;
      let before = meshOf(now);
      for (let edit = 0; edit < editsOfEach; edit++) {
        now = edited(now, manifests, random);
        const after = meshOf(now);
        checkEdit(`${title} edit ${edit}`, before, after, met);
        before = after;
      }
    }
    for (const [what, count] of Object.entries(met)) assert.ok(count > 0, `no ${what} was met`);
  });
