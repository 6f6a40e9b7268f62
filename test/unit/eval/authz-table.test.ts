// The evaluator's decisions for the cases of authz-cases.ts, each by a paragraph of Istio's behaviour; where the oracle is built, Istio's
// own RBAC is asked the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { policiesAt } from '../../../server/src/eval/authz/attached-policies.ts';
import type { Connection } from '../../../server/src/eval/authz/connection.ts';
import { evaluate } from '../../../server/src/eval/authz/evaluate.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { peers } from '../../kit/peers.ts';
import { ask } from '../../oracle/ask.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { decide } from '../../oracle/rbac.ts';
import { authzCases, type AuthzCase } from './authz-cases.ts';

const base: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'egress', labels: { 'istio.io/use-waypoint': 'gate' } } },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gate', namespace: 'egress' },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'httpbin', namespace: 'egress' },
    spec: {
      hosts: ['httpbin.org'],
      addresses: ['192.0.2.10'],
      resolution: 'DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8443 },
        { number: 443, name: 'tls', protocol: 'TLS' },
        { number: 9000, name: 'tcp', protocol: 'TCP' },
        { number: 81, name: 'any' },
      ],
    },
  },
];
const entryRef = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'httpbin' }];

function manifestsOf({ policies }: AuthzCase): readonly Manifest[] {
  return [
    ...base,
    ...policies.map((text, i): Manifest => {
      const [, marker, flow = ''] = /^(?:@(\S+) )?(.*)$/s.exec(text)!;
      const spec = parse(flow.startsWith('{') ? flow : `{ ${flow} }`) as Manifest;
      const target = 'targetRefs' in spec || 'selector' in spec ? {} : { targetRefs: entryRef };
      const dryRun = marker === 'dry-run';
      return {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: {
          name: `policy-${i}`,
          namespace: marker && !dryRun ? marker : 'egress',
          ...(dryRun ? { annotations: { 'istio.io/dry-run': 'true' } } : {}),
        },
        spec: { ...target, ...spec },
      };
    }),
  ];
}

interface Line {
  readonly expected: string;
  readonly connection: Connection;
}

function readLine(line: string): Line {
  const [expected = '', method = '', path = '', ...options] = line.split(' ');
  const given = new Map(
    options.map((option): [string, string] => [
      option.slice(0, option.indexOf('=')),
      option.slice(option.indexOf('=') + 1),
    ]),
  );
  const http = method !== '-';
  const [namespace = '', serviceAccount = ''] = (given.get('from') ?? 'app/curl').split('/');
  const headers = [...given]
    .filter(([key]) => key.startsWith('h.'))
    .map(([key, value]): [string, string] => [key.slice(2), value]);
  return {
    expected,
    connection: {
      source: { namespace, serviceAccount, trustDomain: 'cluster.local', ip: given.get('ip') ?? '10.1.2.3' },
      destination: { host: 'httpbin.org', port: Number(given.get('port') ?? 80), addresses: ['192.0.2.10'] },
      chain: http ? 'http' : 'tcp',
      sni: given.get('sni'),
      http: http
        ? { method, path, authority: given.get('host') ?? 'httpbin.org', headers: new Map(headers) }
        : undefined,
    },
  };
}

function ours(manifests: readonly Manifest[], connection: Connection): string {
  const { mesh, find } = meshFromYaml(manifests.map((one) => JSON.stringify(one)).join('\n---\n'));
  const { decision, because } = evaluate(
    policiesAt(mesh, find('Gateway', 'egress/gate'), find('ServiceEntry', 'egress/httpbin')),
    connection,
    { providers: ['authz'] },
  );
  return because.by === 'custom' ? 'custom' : decision;
}

test('there are enough of them', () => {
  assert.ok(authzCases.flatMap(({ lines }) => lines).length >= 150);
});

for (const one of authzCases) {
  test(`${one.title} (${one.rests})`, () => {
    const manifests = manifestsOf(one);
    for (const line of one.lines) {
      const { expected, connection } = readLine(line);
      assert.equal(ours(manifests, connection), expected, line);
    }
  });
}

const oracle = peers('oracle');

test("Istio's own RBAC decides the same", { skip: oracle.available ? false : oracle.why }, async () => {
  const program = oracle.available ? oracle.bin('oracle') : '';
  const reports = await ask(
    program,
    authzCases.map((one) => ({ manifests: manifestsOf(one), calls: [] })),
  );
  for (const [i, { title, lines, refused }] of authzCases.entries()) {
    const { problems = [], waypoints } = reports[i]!;
    const errors = problems.filter(({ level }) => level === 'error').map(({ message }) => message);
    if (refused) {
      assert.ok(errors.length === 1 && errors[0]!.includes(refused), `${title}: ${errors.join()}`);
      continue;
    }
    assert.deepEqual(errors, [], title);
    for (const line of lines) {
      const {
        expected,
        connection: { source, destination, chain, http, sni },
      } = readLine(line);
      const port = waypoints[0]?.ports.find(
        (own) => own.chain === `inbound-vip|${destination.port}|${chain}|httpbin.org`,
      );
      assert.ok(port, `${title}: ${line}: no chain`);
      const path = new URL(`http://x${http?.path ?? '/'}`);
      assert.equal(
        decide(port.rbac ?? [], {
          principal: `spiffe://cluster.local/ns/${source.namespace}/sa/${source.serviceAccount}`,
          sourceIp: source.ip!,
          destinationIp: '192.0.2.10',
          destinationPort: destination.port,
          serverName: sni ?? '',
          headers: http
            ? new Map([
                ...http.headers,
                [':method', http.method],
                [':path', path.pathname + path.search],
                [':authority', http.authority],
              ])
            : new Map(),
        }),
        expected,
        `${title}: ${line}`,
      );
    }
  }
});
