// One random mesh through real Envoys.
import type { Profile, Sample } from '../oracle/generate.ts';
import type { Report } from '../oracle/report.ts';
import { compareBytes } from './compare.ts';
import type { Job } from './messages.ts';
import type { Network } from './network.ts';
import { proxyJob, type RawConfig } from './plain-config.ts';
import { questionsOf } from './questions.ts';

export interface MeshResult {
  readonly requests: number;
  readonly open: number;
  readonly differences: readonly string[];
  /** Every line that the proxies wrote. */
  readonly lines: readonly string[];
}

export async function runMesh(
  network: Network,
  name: string,
  sample: Sample,
  report: Report,
  profile: Profile,
): Promise<MeshResult> {
  const { mesh, questions } = questionsOf(sample, report, profile);
  const used = new Set(questions.map(({ query }) => query.waypoint));
  const waypoints = report.waypoints.filter(({ waypoint }) => used.has(waypoint));
  const addresses = new Map(waypoints.map(({ waypoint }, i) => [waypoint, `10.42.0.${i + 10}`]));
  const proxies = waypoints.map((one) => proxyJob(one.waypoint, addresses.get(one.waypoint)!, one as RawConfig));
  const queries = questions.map(({ query }) => ({ ...query, waypoint: addresses.get(query.waypoint) ?? '' }));
  if (queries.length === 0) return { requests: 0, open: 0, differences: [], lines: [] };
  const job: Job = { name, proxies, ports: [...portsOf(proxies)], queries };
  const { failed, answers } = await network.ask(job);
  const compared = answers.map((answer, i) => ({
    answer,
    said: questions[i]!.trace.summary,
    ...compareBytes(questions[i]!, answer, mesh),
  }));
  return {
    requests: answers.length,
    open: compared.filter(({ state }) => state === 'open').length,
    differences: [
      ...failed.map((why) => `Envoy does not start: ${why}`),
      ...compared.flatMap((one) =>
        one.state === 'different'
          ? [
              `${one.answer.id}: ${one.why.join('; ')}\n      trace: ${one.said}\n      ${one.answer.lines.map(({ text }) => text).join('\n      ')}`,
            ]
          : [],
      ),
    ],
    lines: answers.flatMap(({ lines }) => lines.map(({ text }) => text)),
  };
}

/** Those that a proxy may dial. */
function portsOf(value: unknown, found = new Set([80, 443])): ReadonlySet<number> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, item] of Object.entries(value)) {
    if ((key === 'portValue' || key === 'upstreamPortOverride') && !reserved.has(Number(item))) found.add(Number(item));
    portsOf(item, found);
  }
  return found;
}

/** Of the proxies themselves and of the names. */
const reserved = new Set([0, 53, 15000, 15008]);
