import { visibleLine } from '../../base/visible.ts';
import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { parseRequest } from '../../eval/trace/parse-request.ts';
import { traceAnswer } from '../../features/answers/json-answers.ts';
import { hopText } from '../../eval/trace/hop-text.ts';
import type { Step, Trace, TraceVerdict } from '../../eval/trace/step.ts';
import { trace as traceIn } from '../../eval/trace/trace.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { tellNothingFound } from '../counts.ts';
import { load } from '../load.ts';
import { placer, placeText, type Placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

/** Says what one request does. Exit code 0 where it is allowed, else 1. */
export function trace(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  const [url, ...paths] = args.paths;
  if (url === undefined) throw new UsageError('trace needs a URL');
  if (args.from === undefined) throw new UsageError('trace needs --from NAMESPACE or --from NAMESPACE/SERVICEACCOUNT');
  const request = parseRequest({
    url,
    from: args.from,
    method: args.method,
    headers: pairs(args.headers, ':'),
    labels: pairs(args.labels, '='),
    sni: args.sni,
  });
  if ('problem' in request) throw new UsageError(request.problem);
  const loaded = load({ ...args, paths }, host, book, cluster);
  tellNothingFound(loaded, host, cluster);
  const found = traceIn(loaded.workspace.mesh, request);
  const place = placer(loaded, host);
  host.stdout(shown(found, place, args, host));
  return found.verdict === 'allowed' ? 0 : 1;
}

function shown(found: Trace, place: Placer, { format, color, detail }: Arguments, host: CliHost): string {
  if (format === 'json') return traceAnswer(found, ({ resource, span }) => place(resource, span));
  const isColored = color && host.color;
  return `${detail === 'quiet' ? verdictLine(found, isColored) : traceText(found, place, isColored)}\n`;
}

function pairs(written: readonly string[], by: string): Record<string, string> {
  return Object.fromEntries(
    written.map((pair) => {
      const cut = pair.indexOf(by);
      if (cut < 1) throw new UsageError(`"${pair}" is not valid: use NAME${by}VALUE`);
      return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
    }),
  );
}

const colours: Readonly<Record<TraceVerdict, number>> = {
  allowed: 32,
  denied: 31,
  fails: 31,
  bypasses: 33,
  undetermined: 36,
};
const marks: Readonly<Record<Step['outcome'], string>> = { yes: '+', no: 'x', unknown: '?' };

/** A line a step with its mark and the first place that decides; the verdict last. */
export function traceText(found: Trace, place: Placer, color: boolean, indent = ''): string {
  return [
    ...found.steps.flatMap((step) =>
      [oneStep(step, place), ...(step.details ?? []).map(underStep)].map((line) => `${indent}${line}`),
    ),
    ...found.candidates.map(
      (candidate, i) =>
        `\n${indent}  possible outcome ${i + 1} of ${found.candidates.length}\n${traceText(without(candidate, found), place, color, `${indent}  `)}`,
    ),
    `${found.candidates.length > 0 ? '\n' : ''}${indent}${verdictLine(found, color)}`,
    ...facts(found).map((fact) => `${indent}  ${visibleLine(fact)}`),
  ].join('\n');
}

function verdictLine({ verdict, summary }: Trace, color: boolean): string {
  return `${color ? `\u001b[${colours[verdict]}m${verdict}\u001b[0m` : verdict}: ${visibleLine(summary)}`;
}

function oneStep({ stage, outcome, message, evidence }: Step, place: Placer): string {
  const [first, ...more] = evidence.map(({ resource, span }) => placeText(place(resource, span)));
  return `${marks[outcome]} ${stage.padEnd(13)} ${visibleLine(message)}${first ? `  ${first}${more.length > 0 ? ` (+${more.length})` : ''}` : ''}`;
}

/** Below the step's message. */
function underStep(detail: string): string {
  return `${' '.repeat(18)}${visibleLine(detail)}`;
}

/** The steps that all possible results share are printed once. */
function without(candidate: Trace, whole: Trace): Trace {
  return { ...candidate, steps: candidate.steps.filter((step) => !whole.steps.includes(step)) };
}

function facts({ upstream, log, hops }: Trace): string[] {
  return [
    ...(upstream
      ? [
          `upstream ${upstream.address}:${upstream.port}, ${upstream.tls ? `TLS ${upstream.tls.mode}, server name ${upstream.tls.sni ?? 'none'}` : upstream.protocol}`,
        ]
      : []),
    ...hops.map((hop) => `access log of ${hopText(hop)}`),
    ...(log && log.upstreamCluster !== '-' && hops.length === 0
      ? [`access log: cluster ${log.upstreamCluster}${log.status === undefined ? '' : `, status ${log.status}`}`]
      : []),
  ];
}
