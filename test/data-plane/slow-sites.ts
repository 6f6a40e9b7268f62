// Sites that never answer, or answer 503, where the route has a timeout or retries: the waypoint ends the request or tries it again, and the
// line of its access log tells which.
import { readLogLine } from '../../server/src/eval/log/read-line.ts';
import { valueOf } from '../../server/src/eval/log/entry.ts';
import type { Trace } from '../../server/src/eval/trace/step.ts';
import type { Manifest } from '../oracle/manifests.ts';
import { differs } from './differs.ts';
import type { Answer } from './messages.ts';

export interface Patience {
  /** Whether the waypoint ends a request that nobody answers. */
  readonly ends: boolean;
  /** How often a request is sent that is answered with 503. */
  readonly tries: number;
}

type Written = Readonly<Record<string, unknown>>;

/** What the rule that takes the request says of it; undefined where no rule does. */
export function patienceFor({ steps }: Trace, manifests: readonly Manifest[]): Patience | undefined {
  const [, number, kind, name] =
    steps
      .map(({ message }) => /^Rule (\d+) of (\w+) (\S+) sends it to /.exec(message))
      .find((found) => found !== null) ?? [];
  const route = manifests.find((one) => {
    const metadata = one['metadata'] as Written;
    return one['kind'] === kind && `${String(metadata['namespace'])}/${String(metadata['name'])}` === name;
  });
  if (!route) return undefined;
  const spec = route['spec'] as Written;
  const rule = ((spec['http'] ?? spec['rules']) as readonly Written[])[Number(number) - 1]!;
  const retries = rule['retries'] as Written | undefined;
  const isRetried = /5xx|gateway-error/.test(JSON.stringify(retries?.['retryOn'] ?? ''));
  return {
    ends: rule['timeout'] !== undefined || rule['timeouts'] !== undefined || retries?.['perTryTimeout'] !== undefined,
    tries: isRetried ? 1 + Number(retries?.['attempts']) : 1,
  };
}

/** Of a request that nobody answers. */
export function silenceProblems({ log }: Trace, { status, lines }: Answer): readonly string[] {
  return [
    ...differs('status of what nobody answers', '504', String(status)),
    ...lines.flatMap(({ text }) => {
      const entry = readLogLine(text);
      const value = (field: string) => (entry && valueOf(entry, field)) ?? '-';
      const isTold = value('response_flags').split(',').includes('UT');
      return [
        ...differs('log cluster', log?.upstreamCluster, value('upstream_cluster')),
        ...(isTold ? [] : [`nobody answers: flags ${value('response_flags')}`]),
      ];
    }),
  ];
}

/** Of a request that is answered with 503. */
export function failureProblems({ tries }: Patience, { status, arrivals }: Answer): readonly string[] {
  const asked = arrivals.filter(({ request }) => request).length;
  return [
    ...differs('status of what fails', '503', String(status)),
    ...differs('how often it is tried', String(tries), String(asked)),
  ];
}
