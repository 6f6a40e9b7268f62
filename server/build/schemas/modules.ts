// The Go modules that the schemas come from: their versions are in `model/istio-releases.ts`, their checksums in `schemas/index.json`.
// Go's own client fetches them; its cache makes the second run work without a network.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { istioReleases } from '../../src/model/istio-releases.ts';

export interface Pin {
  readonly module: string;
  readonly version: string;
}

export interface MinorPins {
  /** Minor version of Istio. */
  readonly istio: string;
  readonly api: Pin;
  /** The Gateway API that this Istio is built against (its go.mod). */
  readonly gatewayApi: Pin;
}

/** Oldest first. */
export const pins: readonly MinorPins[] = istioReleases.map((release) => ({
  istio: release.istio,
  api: { module: 'istio.io/api', version: release.api },
  gatewayApi: { module: 'sigs.k8s.io/gateway-api', version: release.gatewayApi },
}));

const indexFile = resolve(import.meta.dirname, '../../../schemas/index.json');

export interface Modules {
  /** Folder of each module by `module@version`. */
  readonly folders: ReadonlyMap<string, string>;
  /** Checksum of each module, as `go.sum` has it. */
  readonly sums: Readonly<Record<string, string>>;
}

/** The modules of all pins, or why they are not here. */
export async function fetchModules(): Promise<Modules | { readonly failed: string }> {
  const recorded = recordedSums();
  const folders = new Map<string, string>();
  const sums: Record<string, string> = {};
  for (const name of new Set(pins.flatMap((pin) => [nameOf(pin.api), nameOf(pin.gatewayApi)]))) {
    const answer = await download(name);
    if ('failed' in answer) return answer;
    assertSum(name, answer.sum, recorded);
    folders.set(name, answer.folder);
    sums[name] = answer.sum;
  }
  return { folders, sums };
}

/** As the last run recorded them. */
function recordedSums(): Readonly<Record<string, string>> {
  return (JSON.parse(readFileSync(indexFile, 'utf8')) as { readonly sums: Readonly<Record<string, string>> }).sums;
}

/** A module without a recorded checksum is new: Go has compared it with the public checksum database. */
export function assertSum(name: string, sum: string, recorded: Readonly<Record<string, string>>): void {
  const expected = recorded[name];
  if (expected !== undefined && expected !== sum)
    throw new Error(`${name} has checksum ${sum}, schemas/index.json has ${expected}`);
}

export function nameOf(pin: Pin): string {
  return `${pin.module}@${pin.version}`;
}

async function download(
  name: string,
): Promise<{ readonly folder: string; readonly sum: string } | { readonly failed: string }> {
  try {
    // Away from any go.mod, so that no module of ours has a say.
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', name], { cwd: tmpdir() });
    const { Dir, Sum } = JSON.parse(stdout) as { readonly Dir: string; readonly Sum: string };
    return { folder: Dir, sum: Sum };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { failed: missing ? 'Go is not on this machine' : `go mod download ${name} failed: ${reason(error)}` };
  }
}

function reason(error: unknown): string {
  const { stdout, message } = error as { readonly stdout?: string; readonly message: string };
  return /"Error": "(.*)"/.exec(stdout ?? '')?.[1] ?? message;
}
