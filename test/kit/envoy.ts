// Real Envoy for tests: where its binary is, or why it cannot be used. See test/peers/README.md.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { envoyPath, isEnvoyThere, whyNoEnvoy } from '../peers/envoy.ts';
import { here } from '../peers/programs.ts';

export type Envoy =
  | { readonly available: false; readonly why: string }
  | { readonly available: true; readonly bin: string };

/** On a machine of CI it is fetched if it is not there, and a failed fetch fails; elsewhere a test says how to fetch it. */
export function envoy(): Envoy {
  const why = whyNoEnvoy();
  if (why !== undefined) return { available: false, why };
  if (!isEnvoyThere()) {
    if (!process.env['CI'])
      return { available: false, why: 'Envoy is not fetched yet; run test/peers/build.sh envoy (README there)' };
    const fetched = spawnSync(process.execPath, [path.join(here, 'build.ts'), 'envoy'], { stdio: ['ignore', 2, 2] });
    if (fetched.status !== 0 || !isEnvoyThere()) throw new Error('Envoy could not be fetched');
  }
  return { available: true, bin: envoyPath() };
}
