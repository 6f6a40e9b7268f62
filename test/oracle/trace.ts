// Traces against Istio's answers: whoever is led to an entry for sure, and what becomes of each call there.
import { trace } from '../../server/src/eval/trace/trace.ts';
import type { Trace } from '../../server/src/eval/trace/step.ts';
import { meshFromYaml } from '../kit/mesh-from-yaml.ts';
import { displaced, type Answer } from './answer.ts';
import { clients, names } from './queried-names.ts';
import type { Sample } from './generate.ts';
import type { Manifest } from './manifests.ts';
import type { Call } from './policies.ts';

export interface TraceComparison {
  readonly differences: readonly string[];
  readonly traced: number;
}

export function compareTraces(
  { manifests, calls }: Sample,
  without: ReadonlySet<number>,
  theirs: Answer,
): TraceComparison {
  const { mesh } = meshFromYaml(
    manifests
      .filter((_, i) => !without.has(i))
      .map((one) => JSON.stringify(captured(one)))
      .join('\n---\n'),
    { settings: { extensionProviders: ['authz'] } },
  );
  const differences: string[] = [];
  let traced = 0;
  for (const client of clients)
    for (const name of names) {
      const entry = theirs.services[`${client} > ${name}`]!;
      // Hosts by their own name only: calls to a wildcard were asked about under another.
      for (const [key, answer] of Object.entries(theirs.ports)) {
        const [owner, host = '', place] = key.split(' ');
        if (owner !== entry || !place || answer.tls === displaced.tls || host !== name) continue;
        const [port, chain] = place.split('/');
        for (const [i, call] of calls.entries()) {
          if (
            call.namespace !== client ||
            call.authority !== undefined ||
            (chain === 'http' && call.withPort !== (port !== '80'))
          )
            continue;
          const result = trace(mesh, requestOf(call, { name, port: Number(port), chain: chain as 'http' | 'tcp' }));
          traced++;
          const wrong = contradiction(result, answer.calls[i]!, answer.upstream, answer.tls);
          if (wrong) differences.push(`${client} > ${key} call ${i}: ${wrong} (${result.summary})`);
        }
      }
    }
  return { differences, traced };
}

/** Istio's generator does not ask whether clients are captured; a trace does. */
export function captured(manifest: Manifest): Manifest {
  if (manifest['kind'] !== 'Namespace') return manifest;
  const metadata = manifest['metadata'] as { readonly labels?: object };
  return {
    ...manifest,
    metadata: { ...metadata, labels: { ...metadata.labels, 'istio.io/dataplane-mode': 'ambient' } },
  };
}

function requestOf(
  call: Call,
  to: { readonly name: string; readonly port: number; readonly chain: 'http' | 'tcp' },
): Parameters<typeof trace>[1] {
  return {
    scheme: to.chain === 'http' ? 'http' : 'tcp',
    host: to.name,
    port: to.port,
    path: call.path,
    method: call.method,
    headers: new Map(Object.entries(call.headers)),
    sni: call.sni,
    from: { namespace: call.namespace, serviceAccount: call.serviceAccount, labels: new Map() },
  };
}

/** What the trace says that Istio's answer rules out; undetermined traces must have the answer among what they leave open, where they list it. */
function contradiction(result: Trace, call: string, upstream: string, tls: string): string | undefined {
  const possible = result.candidates.length > 0 ? result.candidates : [result];
  const open = possible.some(({ verdict }) => verdict === 'undetermined');
  if (possible.every(({ verdict }) => verdict === 'bypasses')) return `Istio has a waypoint, the trace bypasses it`;
  if (call === 'd' && !open && !possible.some(({ verdict }) => verdict === 'denied'))
    return `Istio denies, the trace says ${result.verdict}`;
  if (call === 'a' && possible.every(({ verdict }) => verdict === 'denied')) return 'Istio allows, the trace denies';
  return call !== 'a' || open ? undefined : upstreamContradiction(possible, upstream, tls);
}

function upstreamContradiction(possible: readonly Trace[], upstream: string, tls: string): string | undefined {
  const ends = possible.flatMap((one) => (one.upstream ? [one.upstream] : []));
  if (ends.length === 0 || ends.length < possible.length) return undefined;
  if (!ends.some((one) => (one.tls !== undefined) === tls.startsWith('sni=')))
    return `Istio ${tls}, the trace ${ends[0]!.tls ? 'TLS' : 'plaintext'}`;
  const dialled = upstream.split(',');
  const reached = ends.some(
    ({ address, port }) => dialled.includes(`${address}:${port}`) || dialled.includes(`(dialled):${port}`),
  );
  return upstream === '' || reached || upstream === '(request)'
    ? undefined
    : `Istio dials ${upstream}, the trace ${ends[0]!.address}:${ends[0]!.port}`;
}
