// For random policies a row says of every request what the evaluator says of that request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { admits } from '../../../server/src/eval/access/row.ts';
import { policiesAt } from '../../../server/src/eval/authz/attached-policies.ts';
import { evaluate } from '../../../server/src/eval/authz/evaluate.ts';
import type { Connection } from '../../../server/src/eval/authz/connection.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const base = `
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: wp, istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec:
  hosts: [api.example.com]
  addresses: [198.51.100.7]
  resolution: STATIC
  endpoints: [{ address: 203.0.113.9 }]
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }, { number: 9000, name: any, protocol: '' }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: curl, namespace: default }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: batch, namespace: jobs }
---`;

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1, maxLength: Math.min(3, values.length) });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const either = (name: string, values: fc.Arbitrary<string[]>) =>
  fc.record({ yes: maybe(values), no: maybe(values) }).map(({ yes, no }) => ({
    ...(yes && { [name]: yes }),
    ...(no && { [`not${name[0]!.toUpperCase()}${name.slice(1)}`]: no }),
  }));
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);

const principals = some(
  'cluster.local/ns/default/sa/curl',
  'cluster.local/ns/jobs/*',
  'cluster.local/ns/team-*',
  '*/sa/curl',
  '*',
  'other.domain/ns/default/sa/curl',
  'cluster.local/ns/lab/sa/*',
);
const source = fc.oneof(
  merged(either('principals', principals), either('ipBlocks', some('10.0.0.0/8', '10.1.0.0/16'))),
  merged(
    either('namespaces', some('default', 'jobs', 'team-*', '*', 'shop')),
    either('trustDomains', some('cluster.local', 'other.*')),
  ),
  either('serviceAccounts', some('default/curl', 'batch', 'jobs/batch')),
);
const operation = merged(
  either('methods', some('GET', 'POST', 'P*', '*')),
  either('paths', some('/a', '/a*', '*/b', '/x/{*}/y', '/{**}')),
  maybe(either('hosts', some('api.example.com', 'API.*', 'other.test'))).map((one) => one ?? {}),
  maybe(either('ports', some('80', '443', '9000'))).map((one) => one ?? {}),
);
const when = fc.oneof(
  fc.record({
    key: fc.constantFrom('request.headers[x-team]', 'request.headers[X-Team]'),
    values: maybe(some('red', 'r*', '*')),
    notValues: maybe(some('red', 'blue')),
  }),
  fc.record({ key: fc.constant('source.namespace'), values: some('default', 'team-*') }),
  fc.record({ key: fc.constant('destination.ip'), notValues: some('198.51.100.0/24', '198.51.100.8') }),
  fc.record({ key: fc.constant('connection.sni'), values: some('api.example.com', '*.example.com') }),
  fc.record({ key: fc.constantFrom('source.ip', 'destination.port'), values: some('10.1.2.3', '443') }),
  fc.record({ key: fc.constant('destination.labels[x]'), values: some('y') }),
);
const rule = fc
  .record({
    from: maybe(
      fc.array(
        source.map((one) => ({ source: one })),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    to: maybe(
      fc.array(
        operation.map((one) => ({ operation: one })),
        { minLength: 1, maxLength: 2 },
      ),
    ),
    when: maybe(fc.array(when, { minLength: 1, maxLength: 2 })),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as object);
const policy = fc.record({
  action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', 'CUSTOM'),
  rules: fc.array(rule, { maxLength: 2 }),
  dry: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  onGateway: fc.boolean(),
  provider: fc.constantFrom('known', 'unknown'),
});

type Policy = typeof policy extends fc.Arbitrary<infer T> ? T : never;

function manifest({ action, rules, dry, onGateway, provider }: Policy, index: number): string {
  return JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: `p${index}`,
      namespace: 'egress',
      ...(dry ? { annotations: { 'istio.io/dry-run': 'true' } } : {}),
    },
    spec: {
      targetRefs: [
        onGateway
          ? { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp' }
          : { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'api' },
      ],
      action,
      ...(action === 'CUSTOM' ? { provider: { name: provider } } : {}),
      rules,
    },
  });
}

const sample = fc.record({
  // `lab`, `team-x` and their accounts are in no manifest unless a policy names them.
  namespace: fc.constantFrom('default', 'jobs', 'egress', 'team-x', 'lab', 'nowhere'),
  serviceAccount: fc.constantFrom('curl', 'batch', 'default', 'zed'),
  ip: fc.constantFrom('10.1.2.3', '10.9.9.9', '192.0.2.1'),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'get'),
  path: fc.constantFrom('/a', '/a/b', '/x/1/y', '/', '/c?/a'),
  authority: fc.constantFrom('api.example.com', 'api.example.com:80', 'OTHER.test'),
  team: fc.constantFrom(undefined, 'red', 'rose', 'blue'),
  sni: fc.constantFrom(undefined, 'api.example.com', 'evil.test'),
  port: fc.constantFrom(80, 443, 9000),
  speaksHttp: fc.boolean(),
});

const met = { all: 0, some: 0, none: 0, undetermined: 0 };

test('a row agrees with the evaluator on every request', () => {
  fc.assert(
    fc.property(
      fc.array(policy, { maxLength: 4 }),
      fc.array(sample, { minLength: 30, maxLength: 30 }),
      (policies, samples) => {
        const { mesh, find } = meshFromYaml([base, ...policies.map(manifest)].join('\n---\n'), {
          settings: { extensionProviders: ['known'] },
        });
        const rows = accessRows(mesh);
        const attached = policiesAt(mesh, find('Gateway', 'wp'), find('ServiceEntry', 'api'));
        for (const one of samples) {
          const isHttp = one.port === 80 || (one.port === 9000 && one.speaksHttp);
          const connection: Connection = {
            source: {
              namespace: one.namespace,
              serviceAccount: one.serviceAccount,
              trustDomain: 'cluster.local',
              ip: one.ip,
            },
            destination: { host: 'api.example.com', port: one.port, addresses: ['198.51.100.7'] },
            chain: isHttp ? 'http' : 'tcp',
            http: isHttp
              ? {
                  method: one.method,
                  authority: one.authority,
                  path: one.path,
                  headers: new Map(one.team === undefined ? [] : [['x-team', one.team]]),
                }
              : undefined,
            sni: one.port === 443 ? one.sni : undefined,
          };
          const here = rows.filter(({ port }) => port === one.port);
          const row =
            here.find(
              ({ from }) =>
                from !== '*' && from.namespace === one.namespace && from.serviceAccount === one.serviceAccount,
            ) ??
            here.find(
              ({ from }) => from !== '*' && from.namespace === one.namespace && from.serviceAccount === undefined,
            ) ??
            here.find(({ from }) => from === '*');
          assert.ok(row);
          met[row.access]++;
          const { decision } = evaluate(attached, connection, { providers: ['known'] });
          const admitted = admits(row, connection);
          if (row.access === 'undetermined') {
            assert.ok(admitted !== 'yes' || decision === 'allow', `sure ${JSON.stringify(one)}`);
            continue;
          }
          assert.equal(
            ({ yes: 'allow', no: 'deny', unknown: 'unknown' } as const)[admitted],
            decision,
            JSON.stringify({
              row: {
                ...row,
                because: undefined,
                operations: row.operations.map(({ clause }) =>
                  clause.map(({ field, values, negated }) => ({ field, values, negated })),
                ),
              },
              one,
            }),
          );
        }
      },
    ),
    { seed: 20260824, numRuns: 300 },
  );
  for (const [access, times] of Object.entries(met)) assert.ok(times > 100, `${access} was met ${times} times`);
});
