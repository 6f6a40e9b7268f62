// A large table leaves rows out: whoever looks a caller up finds the same answer for the same reasons.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { fc } from '../../kit/fast-check.ts';
import { access, accessRows } from '../../../server/src/eval/access/access.ts';
import { rowsOfCaller } from '../../../server/src/eval/access/rows-of-caller.ts';
import type { AccessRow } from '../../../server/src/eval/access/row.ts';
import type { Subject } from '../../../server/src/eval/access/access-subjects.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespace = (name: string, mode: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: {
      'istio.io/use-waypoint': 'wp',
      'istio.io/use-waypoint-namespace': 'egress',
      ...(mode === 'sidecar' && { 'istio-injection': 'enabled' }),
      ...(mode === 'ambient' && { 'istio.io/dataplane-mode': 'ambient' }),
    },
  },
});
const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'wp', namespace: 'egress' },
  spec: {
    gatewayClassName: 'istio-waypoint',
    listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }],
  },
};

const homes = ['egress', 'shop', 'jobs', 'team-a'];
const modes = fc.tuple(...homes.map(() => fc.constantFrom('ambient', 'ambient', 'sidecar', 'none')));
const entry = fc.record({
  home: fc.constantFrom(...homes),
  host: fc.constantFrom('api.example.com', '*.example.com', 'www.test'),
  port: fc.constantFrom(80, 443),
});
const pod = fc.record({
  home: fc.constantFrom(...homes),
  account: fc.constantFrom('web', 'cron'),
  hostNetwork: fc.boolean(),
  opt: fc.constantFrom(undefined, 'none', 'ambient'),
});
const value = fc.oneof(
  fc.record({
    principals: fc.constantFrom(
      ['cluster.local/ns/shop/sa/web'],
      ['cluster.local/ns/team-*'],
      ['cluster.local/ns/jobs/*'],
      ['*/sa/cron'],
    ),
  }),
  fc.record({ namespaces: fc.constantFrom(['shop'], ['team-*'], ['far']) }),
  fc.record({ notNamespaces: fc.constantFrom(['jobs'], ['s*']) }),
  fc.record({ serviceAccounts: fc.constantFrom(['web'], ['jobs/cron']) }),
);
const policy = fc.record({
  home: fc.constantFrom('egress', 'shop'),
  action: fc.constantFrom('ALLOW', 'DENY'),
  source: value,
  method: fc.constantFrom('GET', 'POST'),
});

const keyOf = ({ from, host, port }: Pick<AccessRow, 'from' | 'host' | 'port'>) => JSON.stringify([from, host, port]);
const said = ({ via, access: how, operations, because }: AccessRow, isUniform: boolean) =>
  JSON.stringify([
    via,
    how,
    operations.map(({ methods, paths, when }) => [methods, paths, when]),
    isUniform ? [] : because.map(({ resource }) => resource.id),
  ]);

test('short rows answer as all rows do', () => {
  let left = 0;
  fc.assert(
    fc.property(
      modes,
      fc.array(entry, { minLength: 1, maxLength: 5 }),
      fc.array(pod, { maxLength: 4 }),
      fc.array(policy, { maxLength: 4 }),
      (how, entries, pods, policies) => {
        const objects = [
          gateway,
          ...homes.map((name, i) => namespace(name, how[i]!)),
          ...entries.map(({ home, host, port }, i) => ({
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: `e${i}`, namespace: home },
            spec: {
              hosts: [host],
              resolution: host.startsWith('*') ? 'NONE' : 'DNS',
              ports: [{ number: port, name: 'http', protocol: 'HTTP' }],
            },
          })),
          ...pods.map(({ home, account, hostNetwork, opt }, i) => ({
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: {
              name: `p${i}`,
              namespace: home,
              labels: opt === undefined ? {} : { 'istio.io/dataplane-mode': opt },
            },
            spec: { serviceAccountName: account, hostNetwork, containers: [{ name: 'c', image: 'x' }] },
          })),
          ...policies.map(({ home, action, source, method }, i) => ({
            apiVersion: 'security.istio.io/v1',
            kind: 'AuthorizationPolicy',
            metadata: { name: `a${i}`, namespace: home },
            spec: {
              action,
              targetRefs:
                home === 'egress'
                  ? [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp' }]
                  : [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'e0' }],
              rules: [{ from: [{ source }], to: [{ operation: { methods: [method] } }] }],
            },
          })),
        ];
        const { mesh } = meshFromYaml(objects.map((one) => JSON.stringify(one)).join('\n---\n'));
        const all = accessRows(mesh);
        const short = access(mesh, { most: 0 });
        assert.equal(short.isShort, true);
        const rows = new Map(short.rows.map((row) => [keyOf(row), row]));
        const wider = (from: Subject): readonly Subject[] => {
          if (from === '*') return [from];
          const others = { namespace: from.namespace, serviceAccount: undefined };
          return from.serviceAccount === undefined ? [from, '*'] : [from, others, '*'];
        };
        for (const row of all) {
          const found = wider(row.from)
            .flatMap((from) => [rows.get(keyOf({ ...row, from })), rows.get(keyOf({ from, host: '*', port: 0 }))])
            .find((one) => one !== undefined);
          assert.ok(found, keyOf(row));
          assert.equal(said(found, found.host === '*'), said(row, found.host === '*'), keyOf(row));
        }
        for (const from of new Map(all.map((row) => [keyOf({ ...row, host: '', port: 0 }), row.from])).values())
          assert.deepEqual(
            [...rowsOfCaller(mesh, from)].flat(),
            all.filter((row) => isDeepStrictEqual(row.from, from)),
          );
        left += all.length - short.rows.length;
      },
    ),
    { seed: 20261124, numRuns: 300 },
  );
  assert.ok(left > 1000, `${left} rows were left out`);
});

test('hosts of interest come with the wildcards that they fall under', () => {
  const entryOf = (name: string, host: string) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'shop' },
    spec: { hosts: [host], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
  });
  const { mesh } = meshFromYaml(
    [entryOf('a', 'a.test'), entryOf('b', '*.test'), entryOf('c', 'c.test')]
      .map((one) => JSON.stringify(one))
      .join('\n---\n'),
  );
  assert.deepEqual(
    [...new Set(access(mesh, { hosts: ['A.test'] }).rows.map(({ host }) => host))],
    ['*.test', 'a.test'],
  );
  assert.equal(access(mesh).isShort, false);
});
