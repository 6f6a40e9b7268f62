// Manifests that are learned from random logs: every request of the log is let through, and none that it does not have.
// LEARN_LOGS=1000 tries that many; LEARN_SEED=7 others.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { matchesText } from '../../../server/src/eval/authz/text-match.ts';
import { readLogLine } from '../../../server/src/eval/log/read-line.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import { FlowLog } from '../../../server/src/features/learn/flows.ts';
import { learn, type Learned } from '../../../server/src/features/learn/learn.ts';
import { root } from '../../kit/lsp-client.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const wanted = Number(process.env['LEARN_LOGS'] ?? 60);
const seed = Number(process.env['LEARN_SEED'] ?? 20261129);

interface Sent {
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'TLS' | 'TCP';
  readonly method: string;
  readonly path: string;
}

const accounts = ['shop/cart', 'shop/batch', 'default/curl'];
const addresses = new Map(accounts.map((account, i) => [account, `10.1.0.${i + 1}`]));
const hosts = ['httpbin.org', 'api.example.com', '203.0.113.7'];
const protocols = new Map<number, Sent['protocol']>([
  [80, 'HTTP'],
  [8080, 'HTTP'],
  [443, 'TLS'],
  [5432, 'TCP'],
]);
const methods = ['GET', 'POST', 'DELETE'];
const paths = ['/', '/get', '/v1', '/v1/', '/a*', '/v1/{*}', ...Array.from({ length: 12 }, (_, i) => `/v1/users/${i}`)];

const sent: fc.Arbitrary<Sent> = fc
  .record({
    account: fc.constantFrom(...accounts),
    host: fc.constantFrom(...hosts),
    port: fc.constantFrom(...protocols.keys()),
    method: fc.constantFrom(...methods),
    path: fc.constantFrom(...paths),
  })
  // An address has no name in a log of HTTP: its Host would be one.
  .map((one) => ({ ...one, protocol: protocols.get(one.port)! }))
  .filter(({ host, protocol }) => protocol !== 'TLS' || !/^\d/.test(host));

const writers = ['waypoint', 'waypoint-json', 'passed', 'ztunnel'] as const;

/** As Envoy's JSON format names them. */
function fieldsOf({ host, port, protocol, method, path }: Sent, client: string, isPassed: boolean) {
  const isHttp = protocol === 'HTTP';
  const authority = port === 80 ? host : `${host}:${port}`;
  const http = { method, path: `${path}?q=1`, response_code: 200, response_code_details: 'via_upstream', authority };
  const bytes = { method: '-', path: '-', response_code: 0, response_code_details: '-', authority: '-' };
  return {
    start_time: '2026-03-01T02:48:20.634Z',
    ...(isHttp ? http : bytes),
    response_flags: '-',
    upstream_host: `203.0.113.9:${port}`,
    upstream_cluster: isPassed ? 'PassthroughCluster' : `inbound-vip|${port}|${isHttp ? 'http' : 'tcp'}|${host}`,
    downstream_local_address: `${/^\d/.test(host) ? host : '240.240.0.3'}:${port}`,
    downstream_remote_address: client,
    requested_server_name: protocol === 'TLS' ? host : '-',
  };
}

/** One line as a proxy writes it. ztunnel's has no requests, and a sidecar's no account. */
function lineOf(one: Sent, writer: (typeof writers)[number]): string {
  const { account, host, port, protocol } = one;
  const [namespace, name] = account.split('/');
  const client = `${addresses.get(account)}:40000`;
  const isHttp = protocol === 'HTTP';
  // A sidecar that passes bytes on knows no name.
  const isPassed = writer === 'passed' && (protocol !== 'TCP' || /^\d/.test(host));
  const destination = /^\d/.test(host)
    ? `dst.addr=${host}:${port}`
    : `dst.addr=203.0.113.9:${port} dst.service="${host}"`;
  if (writer === 'ztunnel' && protocol === 'TCP')
    return `2026-03-01T02:48:20.000Z\tinfo\taccess\tconnection complete\tsrc.addr=${client} src.identity="spiffe://cluster.local/ns/${namespace}/sa/${name}" ${destination} direction="outbound" bytes_sent=1 bytes_recv=2`;
  const fields = fieldsOf(one, client, isPassed);
  if (writer === 'waypoint-json') return JSON.stringify(fields);
  const request = isHttp ? `${fields.method} ${fields.path} HTTP/1.1` : '- - -';
  return `[${fields.start_time}] "${request}" ${fields.response_code} - ${fields.response_code_details} - "-" 517 255 12 - "-" "-" "-" "${fields.authority}" "${fields.upstream_host}" ${fields.upstream_cluster} 10.9.0.1:1 ${fields.downstream_local_address} ${client} ${fields.requested_server_name} -`;
}

/** A line of ztunnel for each account, which tells whose the addresses are. */
const identities = accounts.map((account) => {
  const [namespace, name] = account.split('/');
  return `info\taccess\tconnection complete\tsrc.addr=${addresses.get(account)}:1 src.identity="spiffe://cluster.local/ns/${namespace}/sa/${name}" dst.addr=10.1.0.9:15008 direction="outbound"`;
});

const examples = join(root, 'examples');
const story = readdirSync(examples).filter((name) => /^[a-z-]+\.yaml$/.test(name));

/** A host of which the log has more ports. */
const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: common-infrastructure }
spec:
  hosts: [api.example.com]
  ports:
  # The only one.
  - { number: 80, name: http, protocol: HTTP }
  resolution: DNS
`;

function learnFrom(log: readonly string[], hasStory: boolean): Learned {
  const texts = new Map(
    hasStory ? story.map((name) => [`file:///w/${name}`, readFileSync(join(examples, name), 'utf8')]) : [],
  );
  if (hasStory) texts.set('file:///w/api.yaml', entry);
  const workspace = newWorkspace();
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  const flows = new FlowLog();
  for (const line of [...identities, ...log]) flows.add(readLogLine(line));
  const known = { ofPod: () => undefined, ofAddress: () => undefined, otherwise: undefined };
  const host = {
    textOf: (uri: string) => texts.get(uri),
    exists: (uri: string) => texts.has(uri),
    documentAt: workspace.documentAt.bind(workspace),
  };
  return learn(
    workspace,
    host,
    flows.flows(known, workspace.mesh.settings.pathNormalization),
    'file:///w/learned.yaml',
  );
}

function requestOf({ account, host, port, protocol, method, path }: Sent): TraceRequest {
  const [namespace, serviceAccount] = account.split('/') as [string, string];
  const scheme = ({ HTTP: 'http', TLS: 'https', TCP: 'tcp' } as const)[protocol];
  const from = { namespace, serviceAccount, labels: new Map() };
  return {
    scheme,
    host,
    port,
    path: protocol === 'HTTP' ? path : '/',
    method,
    headers: new Map(),
    sni: undefined,
    from,
  };
}

/** What the log has, in the form in which two requests that a policy cannot tell apart are the same. */
function keyOf({ account, host, port, protocol, method, path }: Sent): string {
  return JSON.stringify([account, host, port, ...(protocol === 'HTTP' ? [method, path] : [])]);
}

function isWidened(one: Sent, text: string): boolean {
  const values = [...text.matchAll(/# Widened: (\S+) stands for/g)].map(([, value]) => value!);
  return one.protocol === 'HTTP' && values.some((value) => matchesText(value, one.path) || value.includes('{*}'));
}

for (const hasStory of [false, true])
  test(`${hasStory ? 'beside the story' : 'from nothing'}: the log gets out, and nothing else to its hosts`, () => {
    const seen = { lines: 0, denied: 0, widened: 0, allowedBefore: 0 };
    const logs = fc.array(fc.tuple(sent, fc.constantFrom(...writers)), { minLength: 1, maxLength: 40 });
    for (const log of fc.sample(logs, { seed, numRuns: wanted })) {
      const found = learnFrom(
        log.map(([one, writer]) => lineOf(one, writer)),
        hasStory,
      );
      const context = `${log.map(([one, writer]) => lineOf(one, writer)).join('\n')}\n${found.text}`;
      const unsolved = found.unsolved.filter(({ flow }) => !isEncryptedTwice(flow, hasStory));
      assert.deepEqual([unsolved, found.withoutAccount], [[], []], context);
      const { mesh } = found.draft;
      const inLog = new Set(log.map(([one]) => keyOf(one)));
      for (const [one] of log.filter(([request]) => !isEncryptedTwice(request, hasStory)))
        assert.equal(trace(mesh, requestOf(one)).verdict, 'allowed', `${keyOf(one)}\n${context}`);
      seen.lines += log.length;
      seen.allowedBefore += found.allowedBefore.length;
      for (const other of fc.sample(sent, { seed: log.length, numRuns: 30 })) {
        const isListed = log.some(([{ host }]) => host === other.host);
        if (!isListed || inLog.has(keyOf(other)) || isOfStory(other, hasStory)) continue;
        if (isWidened(other, found.text)) seen.widened++;
        else {
          assert.notEqual(trace(mesh, requestOf(other)).verdict, 'allowed', `${keyOf(other)}\n${context}`);
          seen.denied++;
        }
      }
    }
    for (const [what, count] of Object.entries(seen))
      assert.ok(count > 0 || (what === 'allowedBefore' && !hasStory), `no ${what} was met`);
  });

/** The DestinationRule of the story originates TLS on every port of its host. */
function isEncryptedTwice(
  { host, port }: Pick<Sent, 'port'> & { readonly host: string | undefined },
  hasStory: boolean,
): boolean {
  return hasStory && host === 'httpbin.org' && port !== 80;
}

/** What the policy of the story allows. */
function isOfStory({ account, host, port, method }: Sent, hasStory: boolean): boolean {
  return hasStory && account === 'default/curl' && host === 'httpbin.org' && port === 80 && method === 'GET';
}
