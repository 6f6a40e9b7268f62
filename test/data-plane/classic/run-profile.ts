// Random meshes of clients with sidecars, of one kind, through real Envoys.
import { askClassic } from '../../oracle/classic/ask.ts';
import { meshOf } from '../../oracle/classic/ours.ts';
import type { ClassicReport } from '../../oracle/classic/report.ts';
import { classicSample, type ClassicSample } from '../../oracle/classic/sample.ts';
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

export function runClassicMeshes({ meshes, ...how }: ClassicMeshes): Promise<Total> {
  return runSamples({
    ...how,
    samples: meshes.map(({ profile, seed }) => {
      const sample = classicSample(profile, seed);
      const mesh = { ...sample.mesh, accessLogFile: '/dev/stdout' };
      return { name: `${profile} ${seed}`, sample: { ...sample, mesh } };
    }),
  });
}

export interface NamedSample {
  readonly name: string;
  readonly sample: ClassicSample;
  /** In the certificate of the gateway's pod, instead of its own. */
  readonly gatewayAccount?: string;
}

export interface Samples extends Pick<Run, 'oracle' | 'envoy' | 'seen'> {
  readonly samples: readonly NamedSample[];
}

export async function runSamples({ oracle, envoy, samples, seen }: Samples): Promise<Total> {
  const asked = samples.map(({ sample }) => ({ sample, ages: sample.manifests.map((_, place) => place) }));
  const reports: ClassicReport[] = [];
  await askClassic(oracle.bin('oracle'), asked, (report) => reports.push(report), true);
  return throughNetworks(envoy.bin, [...samples.entries()], async (network, [at, one]) => {
    const { name, sample } = one;
    const report = reports[at]!;
    if (report.error !== undefined) throw new Error(`${name}: ${report.error}`);
    const mesh = meshOf(sample, refusedOf(report));
    const asTraced = questionsOf(mesh, report, sample.requests);
    // No trace tells what comes of another certificate: the sidecar's line is waited for.
    const questions = one.gatewayAccount
      ? asTraced.map((question) => ({ ...question, query: { ...question.query, lines: 1 } }))
      : asTraced;
    const { gatewayNamespace, gatewayLabels } = sample;
    const own = gatewayLabels === apiGatewayLabels ? apiGateway.service : gatewayService;
    const gatewayAccount = one.gatewayAccount ?? own;
    const result = await runClassic(network, { name, mesh, report, gatewayNamespace, gatewayAccount, questions });
    seen?.(at, result);
    return result;
  });
}
