// Asks the oracle for the configuration of the clients' sidecars and of the gateway, for many meshes in one process.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Manifest } from '../manifests.ts';
import type { ClassicReport } from './report.ts';
import { type ClassicSample } from './sample.ts';
import { clientNamespaces, gatewayIp } from './world.ts';

/** `ages` is the place of each manifest in the order of creation; a second apart each. */
export interface Asked {
  readonly sample: ClassicSample;
  readonly ages: readonly number[];
}

/** Answers in order, each as soon as it is there. `raw`: also what Envoy is sent, as it is. */
export async function askClassic(
  program: string,
  asked: readonly Asked[],
  take: (report: ClassicReport, index: number) => void,
  raw = false,
): Promise<void> {
  // Without ambient, as most such meshes run: sidecars and gateways then have no HBONE.
  const child = spawn(program, ['-batch', ...(raw ? ['-raw'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PILOT_ENABLE_AMBIENT: 'false' },
  });
  const failed = new Promise<never>((_, reject) => child.on('error', reject));
  let answered = 0;
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      take(JSON.parse(line) as ClassicReport, answered++);
  })();
  for (const [i, one] of asked.entries()) child.stdin.write(`${JSON.stringify(questionOf(String(i), one))}\n`);
  child.stdin.end();
  await Promise.race([read, failed]);
  if (answered !== asked.length) throw new Error(`the oracle answered ${answered} of ${asked.length} meshes`);
}

function questionOf(id: string, { sample, ages }: Asked): Manifest {
  const { manifests, running, mesh, gatewayNamespace, gatewayLabels: labels } = sample;
  return {
    id,
    manifests: [...manifests.map((one, i) => created(one, ages[i]!)), ...running],
    meshConfig: JSON.stringify(mesh),
    proxies: [
      ...clientNamespaces.map((namespace, i) => ({
        name: `client-${namespace}`,
        type: 'sidecar',
        namespace,
        labels: { app: `client-${namespace}` },
        ip: `10.1.1.${i + 1}`,
        dns: mesh['defaultConfig'] !== undefined,
      })),
      { name: 'gateway', type: 'router', namespace: gatewayNamespace, labels, ip: gatewayIp },
    ],
  };
}

function created(manifest: Manifest, age: number): Manifest {
  const time = new Date(Date.UTC(2026, 0, 1) + age * 1000).toISOString().replace('.000', '');
  return { ...manifest, metadata: { ...(manifest['metadata'] as object), creationTimestamp: time } };
}
