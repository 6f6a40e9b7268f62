// One random mesh through real Envoys.
import type { Profile, Sample } from '../oracle/generate.ts';
import type { Report } from '../oracle/report.ts';
import { compareBytes, type Comparison } from './compare.ts';
import { withPod } from './line-problems.ts';
import type { Answer, Job, JobAnswer } from './messages.ts';
import type { Network } from './network.ts';
import { waypointJob, type RawConfig } from './plain-config.ts';
import { questionsOf, type MeshQuestions, type Question } from './questions.ts';

export interface MeshResult {
  readonly requests: number;
  readonly open: number;
  readonly differences: readonly string[];
  /** Every line that the proxies wrote, with the pod. */
  readonly lines: readonly string[];
  readonly answers: readonly Answer[];
}

export async function runMesh(
  network: Network,
  name: string,
  sample: Sample,
  report: Report,
  profile: Profile,
): Promise<MeshResult> {
  return runQuestions(network, name, report, questionsOf(sample, report, profile));
}

/** The questions through the waypoints that they lead to. */
export async function runQuestions(
  network: Network,
  name: string,
  report: Report,
  { mesh, questions }: MeshQuestions,
): Promise<MeshResult> {
  const used = new Set(questions.map(({ query }) => query.proxy));
  const waypoints = report.waypoints.filter(({ waypoint }) => used.has(waypoint));
  const addresses = new Map(waypoints.map(({ waypoint }, i) => [waypoint, `10.42.0.${i + 10}`]));
  const proxies = waypoints.map((one) => waypointJob(one.waypoint, addresses.get(one.waypoint)!, one as RawConfig));
  const queries = questions.map(({ query }) => ({ ...query, proxy: addresses.get(query.proxy) ?? '' }));
  if (queries.length === 0) return { requests: 0, open: 0, differences: [], lines: [], answers: [] };
  // Without resolution the port that the client calls is dialled.
  const ports = new Set([...portsOf(proxies), ...queries.map(({ port }) => port)]);
  const job: Job = { name, proxies, ports: [...ports], queries };
  return resultOf(await network.ask(job), questions, (question, answer) => compareBytes(question, answer, mesh));
}

export function resultOf(
  { failed, answers }: JobAnswer,
  questions: readonly Question[],
  compare: (question: Question, answer: Answer) => Comparison,
): MeshResult {
  const compared = answers.map((answer, i) => ({ answer, ...compare(questions[i]!, answer) }));
  return {
    requests: answers.length,
    open: compared.filter(({ state }) => state === 'open').length,
    differences: [
      ...failed.map((why) => `Envoy does not start: ${why}`),
      ...compared.flatMap((one, i) =>
        one.state === 'different' ? [described(one.answer, one.why, questions[i]!.trace.summary)] : [],
      ),
    ],
    lines: answers.flatMap(({ lines }) => lines.map(withPod)),
    answers,
  };
}

function described({ id, lines }: Answer, why: readonly string[], summary: string): string {
  return [`${id}: ${why.join('; ')}`, `trace: ${summary}`, ...lines.map(({ text }) => text)].join('\n      ');
}

/** Those that a proxy may dial. */
export function portsOf(value: unknown, found = new Set([80, 443])): ReadonlySet<number> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, item] of Object.entries(value)) {
    if ((key === 'portValue' || key === 'upstreamPortOverride') && !reserved.has(Number(item))) found.add(Number(item));
    portsOf(item, found);
  }
  return found;
}

/** Of the proxies themselves and of the names. */
const reserved = new Set([0, 53, 15000, 15001, 15008]);
