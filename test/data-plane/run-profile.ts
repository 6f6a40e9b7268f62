// Random meshes of one kind through real Envoys, several networks at a time.
import type { Envoy } from '../kit/envoy.ts';
import type { Peers } from '../kit/peers.ts';
import { ask } from '../oracle/ask.ts';
import { samples, type Profile } from '../oracle/generate.ts';
import { Network } from './network.ts';
import { inForce } from './questions.ts';
import { runMesh, type MeshResult } from './run-mesh.ts';

export interface Run {
  readonly oracle: Extract<Peers, { available: true }>;
  readonly envoy: Extract<Envoy, { available: true }>;
  readonly profile: Profile;
  readonly seed: number;
  readonly count: number;
  /** Only the mesh of this number. */
  readonly only?: number | undefined;
  readonly seen?: (mesh: number, result: MeshResult) => void;
}

export interface Total {
  readonly meshes: number;
  readonly requests: number;
  readonly open: number;
  readonly differences: readonly string[];
  readonly lines: readonly string[];
}

export async function runProfile({ oracle, envoy, profile, seed, count, only, seen }: Run): Promise<Total> {
  const meshes = samples(seed, count, profile).map(inForce);
  const wanted = meshes.map((_, i) => i).filter((i) => only === undefined || i === only);
  const reports = await ask(
    oracle.bin('oracle'),
    wanted.map((i) => meshes[i]!),
    { ...profile, raw: true },
  );
  return throughNetworks(envoy.bin, [...wanted.entries()], async (network, [at, i]) => {
    const result = await runMesh(network, `mesh ${i} of seed ${seed}`, meshes[i]!, reports[at]!, profile);
    seen?.(i, result);
    return result;
  });
}

const networks = 2;

export async function throughNetworks<T>(
  envoy: string,
  todo: readonly T[],
  run: (network: Network, one: T) => Promise<MeshResult>,
): Promise<Total> {
  const left = [...todo];
  const results: MeshResult[] = [];
  const work = async (): Promise<void> => {
    const network = new Network(envoy);
    try {
      for (let next = left.shift(); next !== undefined; next = left.shift()) results.push(await run(network, next));
    } finally {
      network.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(networks, todo.length) }, work));
  return {
    meshes: results.length,
    requests: results.reduce((sum, one) => sum + one.requests, 0),
    open: results.reduce((sum, one) => sum + one.open, 0),
    differences: results.flatMap((one) => one.differences),
    lines: results.flatMap((one) => one.lines),
  };
}
