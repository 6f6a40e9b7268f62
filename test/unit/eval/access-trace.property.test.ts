// Over random meshes `access` says of a request what `trace` says of it.
// ACCESS_MESHES=1000 tries that many; ACCESS_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { admits, type AccessRow } from '../../../server/src/eval/access/row.ts';
import type { Connection } from '../../../server/src/eval/authz/connection.ts';
import { normalisePath } from '../../../server/src/eval/http-path.ts';
import { authorityOf, clientSni } from '../../../server/src/eval/trace/client-bytes.ts';
import { concreteHost } from '../../../server/src/eval/trace/concrete-host.ts';
import { schemeOf } from '../../../server/src/eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import { closingCauses, type Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { dialledAddresses } from '../../../server/src/mesh/hosts/virtual-address.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { chainsOf } from '../../../server/src/mesh/routes/chain-of-port.ts';
import { normalizeHost } from '../../../server/src/names/hosts.ts';
import { protocolKind } from '../../../server/src/names/protocols.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import type { ServiceEntryPort } from '../../../server/src/model/specs.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { policies, type Call } from '../../oracle/policies.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['ACCESS_MESHES'] ?? 240);
const seed = Number(process.env['ACCESS_SEED'] ?? 20261129);

type Entry = Resource<'ServiceEntry'>;
type Said = 'yes' | 'no' | 'unknown';

test(`${wanted} random meshes: access answers as the trace of each request`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const more = fc.sample(policies, { seed, numRuns: 100 });
  const differences: string[] = [];
  const met = { all: 0, some: 0, none: 0, undetermined: 0 };
  const told = { yes: 0, no: 0, unknown: 0 };
  for (const [k, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries()) {
      const { mesh } = meshFromYaml(textOf(sample, more[i % more.length]!, i), {
        settings: settingsOf(sample, profile),
      });
      const rows = accessRows(mesh);
      differences.push(...mapDifferences(mesh, rows));
      for (const { row, request, entry, port } of questions(mesh, rows, sample.calls)) {
        const result = trace(mesh, request);
        const said = admission(result);
        if (said === undefined || result.summary.includes('is a Service of the cluster')) continue;
        met[row.access]++;
        told[said]++;
        const wrong = contradiction(row, said, result, admits(row, connectionOf(mesh, request, entry, port)));
        if (wrong)
          differences.push(
            `profile ${k} mesh ${i}: ${request.from.namespace}/${request.from.serviceAccount} ${request.scheme}://${request.host}:${request.port}: access ${row.via} ${row.access}, trace ${result.verdict} (${result.summary}): ${wrong}`,
          );
      }
    }
  assert.deepEqual([...new Set(differences)].slice(0, 20), []);
  for (const [what, times] of Object.entries({ ...met, ...told }))
    assert.ok(times > wanted / 16, `${what} was met ${times} times`);
});

/** The meshes of the profiles have no data plane: here each has its own, workloads that differ, and policies. */
function textOf({ manifests }: Sample, more: readonly Manifest[], i: number): string {
  const labels = [
    { 'istio.io/dataplane-mode': 'ambient' },
    { 'istio-injection': 'enabled' },
    {},
    { 'istio.io/dataplane-mode': 'ambient', 'istio.io/rev': 'canary' },
  ];
  const joined = manifests.map((one, n): Manifest => {
    if (one['kind'] !== 'Namespace') return one;
    const metadata = one['metadata'] as { readonly labels?: object };
    const plane = labels[Math.max(((i + n) % (labels.length + 4)) - 3, 0)];
    return { ...one, metadata: { ...metadata, labels: { ...metadata.labels, ...plane } } };
  });
  const pod = (name: string, more: object, annotations: object): Manifest => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'clients', labels: { app: name, ...more }, annotations },
    spec: { serviceAccountName: 'batch-job', containers: [{ name: 'c', image: 'c' }] },
  });
  const pods = [
    pod('x', i % 3 === 0 ? { 'istio.io/dataplane-mode': 'none' } : {}, {}),
    pod('y', {}, i % 5 === 0 ? { 'ambient.istio.io/dns-capture': 'false' } : {}),
  ];
  const hasPolicies = manifests.some(({ kind }) => kind === 'AuthorizationPolicy');
  return [...joined, ...pods, ...(hasPolicies ? [] : more)].map((one) => JSON.stringify(one)).join('\n---\n');
}

interface Question {
  readonly row: AccessRow;
  readonly request: TraceRequest;
  readonly entry: Entry;
  readonly port: ServiceEntryPort;
}

function* questions(mesh: Mesh, rows: readonly AccessRow[], calls: readonly Call[]): Generator<Question> {
  for (const entry of mesh.all('ServiceEntry'))
    for (const port of entry.spec.ports)
      for (const written of new Set(entry.spec.hosts.map(({ value }) => normalizeHost(value))))
        for (const call of calls) {
          const host = concreteHost(written);
          if (host === undefined || port.number === undefined) continue;
          const row = rowOf(rows, { host: written, port: port.number.value }, call);
          const { namespace, serviceAccount, path, method } = call;
          const request: TraceRequest = {
            scheme: schemeOf(port),
            host,
            port: port.number.value,
            path,
            method,
            headers: new Map(Object.entries(call.headers)),
            sni: undefined,
            from: { namespace, serviceAccount, labels: new Map() },
          };
          if (row) yield { row, request, entry, port };
        }
}

function rowOf(
  rows: readonly AccessRow[],
  to: { readonly host: string; readonly port: number },
  { namespace, serviceAccount }: Call,
): AccessRow | undefined {
  const here = rows.filter(({ host, port }) => host === to.host && port === to.port);
  const named = here.filter(({ from }) => from !== '*' && from.namespace === namespace);
  return (
    named.find(({ from }) => from !== '*' && from.serviceAccount === serviceAccount) ??
    named.find(({ from }) => from !== '*' && from.serviceAccount === undefined) ??
    here.find(({ from }) => from === '*')
  );
}

/** Whether the request gets out; undefined for one that the port does not take. */
function admission({ verdict, cause, candidates }: Trace): Said | undefined {
  switch (verdict) {
    case 'allowed':
    case 'bypasses':
      return 'yes';
    case 'denied':
      return 'no';
    case 'fails':
      // By a cause that depends on age.
      if (cause === undefined) return inEachWay(candidates);
      if (cause === 'not-http' || cause === 'other-host' || cause === 'bad-path') return undefined;
      return cause && closingCauses.has(cause) ? 'no' : 'yes';
    case 'undetermined':
      return inEachWay(candidates);
  }
}

function inEachWay(candidates: readonly Trace[]): Said {
  const ways = new Set(candidates.map(admission).filter((one) => one !== undefined));
  return candidates.length > 1 && ways.size === 1 ? [...ways][0]! : 'unknown';
}

function contradiction(row: AccessRow, said: Said, result: Trace, admitted: Said): string | undefined {
  const { verdict, candidates } = result;
  if (row.access === 'undetermined') return admitted === 'yes' && said === 'no' ? 'sure of what is refused' : undefined;
  if (verdict === 'undetermined' && admitted === 'unknown') return undefined;
  const isLost = candidates.length > 1 && candidates.every((one) => one.verdict === 'fails');
  if (said === 'unknown') return admitted === 'no' && isLost ? undefined : 'the trace is undetermined';
  return admitted === said || isByRoute(row, result, admitted) ? undefined : `the row admits it: ${admitted}`;
}

/** One rule of a route leads nowhere, another one does; or all of them lead nowhere, and what no rule takes is answered with 404. */
function isByRoute(row: AccessRow, { verdict, cause }: Trace, admitted: Said): boolean {
  if (verdict !== 'fails') return false;
  if (admitted === 'yes') return cause === 'no-destination' || cause === 'credential' || cause === 'no-endpoint';
  const byPolicy = row.because.some(({ resource }) => resource.kind === 'AuthorizationPolicy');
  return (cause === 'unmatched' || cause === 'deliberate') && !byPolicy;
}

/** A host that the map says anyone may call has no row that a policy narrows. */
function mapDifferences(mesh: Mesh, rows: readonly AccessRow[]): readonly string[] {
  return egressMap(mesh, (resource) => resource).gateways.flatMap(({ hosts }) =>
    hosts.flatMap(({ host, place, callers }) =>
      rows
        .filter(
          (row) =>
            callers === 'anyone' &&
            row.host === host &&
            row.via === 'waypoint' &&
            row.access !== 'all' &&
            row.because.some(({ resource }) => resource.kind === 'AuthorizationPolicy') &&
            mesh.hostOwners(host).every(({ resource }) => resource === place),
        )
        .map((row) => `${host}: the map says anyone, access ${row.access}`),
    ),
  );
}

/** What policies see of the request. */
function connectionOf(mesh: Mesh, request: TraceRequest, entry: Entry, port: ServiceEntryPort): Connection {
  const { from, method } = request;
  const isHttp = chainsOf(port).includes('http') && request.scheme === 'http';
  const path = normalisePath(request.path, mesh.settings.pathNormalization);
  return {
    source: { ...from, trustDomain: mesh.settings.trustDomain, ip: undefined },
    destination: { host: request.host, port: request.port, addresses: dialledAddresses(mesh, entry, request.host) },
    chain: isHttp ? 'http' : 'tcp',
    http:
      isHttp && 'path' in path
        ? { method, authority: authorityOf(request), path: path.path, headers: request.headers }
        : undefined,
    sni: protocolKind(port.protocol?.value) === 'tls' ? clientSni(request) : undefined,
  };
}
