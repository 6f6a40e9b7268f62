// Many meshes asked of one oracle process, a line each. See test/peers/oracle/batch.go.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { meshConfigOf, provider, type Profile, type Sample } from './generate.ts';
import type { Manifest } from './manifests.ts';
import type { Report } from './report.ts';

/** The answers in the order of the meshes; those that are created first stand first in each. */
export async function ask(
  program: string,
  meshes: readonly Sample[],
  { flags }: Pick<Profile, 'flags'> = {},
): Promise<readonly Report[]> {
  const child = spawn(program, ['-batch'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...flags } });
  const failed = new Promise<never>((_, reject) => child.on('error', reject));
  const answers: Report[] = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Report);
  })();
  for (const [i, sample] of meshes.entries())
    child.stdin.write(
      `${JSON.stringify({ id: String(i), manifests: [...sample.manifests, provider].map(asStored), meshConfig: meshConfigOf(sample), sidecars: sample.sidecars })}\n`,
    );
  child.stdin.end();
  await Promise.race([read, failed]);
  if (answers.length !== meshes.length)
    throw new Error(`the oracle answered ${answers.length} of ${meshes.length} meshes`);
  return answers;
}

interface HttpRule {
  readonly matches?: readonly { readonly path?: Manifest }[];
  readonly filters?: readonly { readonly requestRedirect?: Manifest }[];
}

/** As the API server hands it out: with what it fills in of an HTTPRoute and matters, and in the version that Istio asks for. gateway-api v1.6.0 httproutes CRD (defaults). */
function asStored(manifest: Manifest): Manifest {
  if (manifest['kind'] === 'TCPRoute') return { ...manifest, apiVersion: 'gateway.networking.k8s.io/v1' };
  if (manifest['kind'] !== 'HTTPRoute') return manifest;
  const spec = manifest['spec'] as { readonly rules: readonly HttpRule[] };
  const rules = spec.rules.map(({ matches = [{}], filters = [], ...rest }) => ({
    ...rest,
    matches: matches.map(({ path, ...own }) => ({ ...own, path: { type: 'PathPrefix', value: '/', ...path } })),
    filters: filters.map(({ requestRedirect, ...own }) => ({
      ...own,
      ...(requestRedirect && { requestRedirect: { statusCode: 302, ...requestRedirect } }),
    })),
  }));
  return { ...manifest, spec: { ...spec, rules } };
}
