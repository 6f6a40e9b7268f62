// Random meshes of clients with sidecars, of one kind, through real Envoys.
import { askClassic } from '../../oracle/classic/ask.ts';
import { meshOf } from '../../oracle/classic/ours.ts';
import type { ClassicReport } from '../../oracle/classic/report.ts';
import { classicSample } from '../../oracle/classic/sample.ts';
import { refusedOf } from '../../oracle/classic/theirs.ts';
import { apiGateway, apiGatewayLabels, gatewayService } from '../../oracle/classic/world.ts';
import { throughNetworks, type Run, type Total } from '../run-profile.ts';
import { questionsOf } from './questions.ts';
import { runClassic } from './run.ts';

export interface ClassicProfileRun extends Omit<Run, 'profile'> {
  readonly profile: string;
}

export function runClassicProfile({
  profile,
  seed,
  count,
  only,
  seen,
  ...programs
}: ClassicProfileRun): Promise<Total> {
  const wanted = Array.from({ length: count }, (_, i) => i).filter((i) => only === undefined || i === only);
  return runClassicMeshes({
    ...programs,
    meshes: wanted.map((i) => ({ profile, seed: seed + i })),
    seen: (at, result) => seen?.(wanted[at]!, result),
  });
}

export interface ClassicMeshes extends Pick<Run, 'oracle' | 'envoy' | 'seen'> {
  readonly meshes: readonly { readonly profile: string; readonly seed: number }[];
}

export async function runClassicMeshes({ oracle, envoy, meshes, seen }: ClassicMeshes): Promise<Total> {
  const asked = meshes.map(({ profile, seed }) => {
    const sample = classicSample(profile, seed);
    const isWritten = { ...sample, mesh: { ...sample.mesh, accessLogFile: '/dev/stdout' } };
    return { sample: isWritten, ages: sample.manifests.map((_, place) => place) };
  });
  const reports: ClassicReport[] = [];
  await askClassic(oracle.bin('oracle'), asked, (report) => reports.push(report), true);
  return throughNetworks(envoy.bin, [...meshes.entries()], async (network, [at, { profile, seed }]) => {
    const { sample } = asked[at]!;
    const report = reports[at]!;
    const name = `${profile} ${seed}`;
    if (report.error !== undefined) throw new Error(`${name}: ${report.error}`);
    const mesh = meshOf(sample, refusedOf(report));
    const questions = questionsOf(mesh, report, sample.requests);
    const { gatewayNamespace, gatewayLabels } = sample;
    const gatewayAccount = gatewayLabels === apiGatewayLabels ? apiGateway.service : gatewayService;
    const result = await runClassic(network, { name, mesh, report, gatewayNamespace, gatewayAccount, questions });
    seen?.(at, result);
    return result;
  });
}
