// Many meshes asked of one oracle process, a line each. See test/peers/oracle/batch.go.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { meshConfigOf, provider, type Profile, type Sample } from './generate.ts';
import type { Manifest } from './manifests.ts';
import type { Report } from './report.ts';

export interface AskOptions extends Pick<Profile, 'flags'> {
  /** Also what Envoy is sent, as it is. */
  readonly raw?: boolean;
}

/** The answers in the order of the meshes; those that are created first stand first in each. */
export async function ask(
  program: string,
  meshes: readonly Sample[],
  { flags, raw = false }: AskOptions = {},
): Promise<readonly Report[]> {
  const child = spawn(program, ['-batch', ...(raw ? ['-raw'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...flags },
  });
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

/** In the version that Istio asks for. */
export function asStored(manifest: Manifest): Manifest {
  return manifest['kind'] === 'TCPRoute' ? { ...manifest, apiVersion: 'gateway.networking.k8s.io/v1' } : manifest;
}
