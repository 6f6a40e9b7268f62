// Over random meshes an object that the API server refuses changes no answer: all are those of the mesh without it.
// REFUSED_MESHES=1000 tries that many; REFUSED_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import type { AccessRow } from '../../../server/src/eval/access/row.ts';
import { accessRowJson } from '../../../server/src/eval/access/to-json.ts';
import { concreteHost } from '../../../server/src/eval/trace/concrete-host.ts';
import { schemeOf } from '../../../server/src/eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import { entryFacts } from '../../../server/src/features/facts/service-entry.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { normalizeHost } from '../../../server/src/names/hosts.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['REFUSED_MESHES'] ?? 180);
const seed = Number(process.env['REFUSED_SEED'] ?? 20261130);

type Fault = (manifest: Manifest) => Manifest | undefined;

const withSpec = (manifest: Manifest, more: object): Manifest => ({
  ...manifest,
  spec: { ...(manifest['spec'] as object), ...more },
});
const only =
  (kind: string, more: object): Fault =>
  (manifest) =>
    manifest['kind'] === kind ? withSpec(manifest, more) : undefined;

const faults: readonly Fault[] = [
  only('ServiceEntry', { resolution: 'LOOKUP' }),
  only('ServiceEntry', { host: ['x.org'] }),
  only('ServiceEntry', { ports: 80 }),
  only('AuthorizationPolicy', { action: 'PERMIT' }),
  only('AuthorizationPolicy', {
    selector: { matchLabels: { app: 'x' } },
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gate' }],
  }),
  only('AuthorizationPolicy', { rule: [] }),
  only('DestinationRule', { trafficPolicy: { tls: { mode: 'PLAIN' } } }),
  only('DestinationRule', { hosts: 'one.org' }),
  only('Gateway', { listeners: 'mesh' }),
  only('VirtualService', { http: [{ rout: [] }] }),
  only('HTTPRoute', { rules: [{ backendRef: [] }] }),
  only('Sidecar', { outboundTrafficPolicy: { mode: 'ALLOW' } }),
];

test(`${wanted} random meshes with a refused object answer as without it`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  let tried = 0;
  for (const [k, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries()) {
      const broken = breakOne(sample.manifests, i);
      if (!broken) continue;
      const settings = settingsOf(sample, profile);
      const { mesh, resources } = meshFromYaml(textOf(broken.manifests), { settings });
      const { kind, metadata } = broken.manifests[broken.index]!;
      const { name } = metadata as { readonly name: string };
      assert.ok(
        resources.some((one) => one.refused && one.kind === kind && one.name === name),
        textOf([broken.manifests[broken.index]!]),
      );
      const without = meshFromYaml(textOf(broken.manifests.filter((_, n) => n !== broken.index)), { settings }).mesh;
      assert.deepEqual(
        answersOf(mesh, sample),
        answersOf(without, sample),
        `profile ${k} mesh ${i} ${textOf([broken.manifests[broken.index]!])}`,
      );
      tried++;
    }
  assert.ok(tried > wanted / 2, `only ${tried} meshes were tried`);
});

/** Some object that one of the faults fits, broken. */
function breakOne(
  manifests: readonly Manifest[],
  turn: number,
): { readonly manifests: readonly Manifest[]; readonly index: number } | undefined {
  for (let n = 0; n < faults.length; n++) {
    const fault = faults[(turn + n) % faults.length]!;
    const index = manifests.findIndex((manifest, at) => at >= turn % 3 && fault(manifest) !== undefined);
    if (index >= 0) return { manifests: manifests.with(index, fault(manifests[index]!)!), index };
  }
  return undefined;
}

function textOf(manifests: readonly Manifest[]): string {
  return manifests.map((one) => JSON.stringify(one)).join('\n---\n');
}

/** Texts and places aside: the refusal is named. */
function answersOf(mesh: Mesh, { calls }: Sample): unknown {
  // A host that only a refused entry has keeps a row that says so.
  const isOfForce = ({ via, access, because }: AccessRow) =>
    !(
      via === 'direct' &&
      access === 'undetermined' &&
      because.length > 0 &&
      because.every(({ resource }) => resource.refused)
    );
  const written = (row: AccessRow) => ({ ...accessRowJson(row, () => null), because: null, refused: null });
  const entries = mesh.all('ServiceEntry').filter(({ refused }) => !refused);
  return {
    access: accessRows(mesh).filter(isOfForce).map(written),
    map: egressMap(mesh, ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    facts: entries.map((entry) => {
      const { binding, callers, hosts } = entryFacts(mesh, entry);
      return [binding.state, callers.state, hosts.map(({ ports }) => ports.map(({ tls }) => tls?.state))];
    }),
    traces: entries.flatMap((entry) =>
      entry.spec.ports.flatMap((port) =>
        entry.spec.hosts.flatMap(({ value }) =>
          calls.map(({ namespace, serviceAccount, path, method, headers }) => {
            const request: TraceRequest = {
              scheme: schemeOf(port),
              host: concreteHost(normalizeHost(value)) ?? 'any.org',
              port: port.number?.value ?? 80,
              path,
              method,
              headers: new Map(Object.entries(headers)),
              sni: undefined,
              from: { namespace, serviceAccount, labels: new Map() },
            };
            return shortened(trace(mesh, request));
          }),
        ),
      ),
    ),
  };
}

/** Where a waypoint is meant by what is refused alone, the request bypasses it; without it nobody means one. */
function shortened({ verdict, waypoint, upstream, candidates }: Trace): unknown {
  return [verdict === 'bypasses' ? 'allowed' : verdict, waypoint, upstream, candidates.map(shortened)];
}
