// Sends the request and collects the expected result and the gateway's log line.
import { readGatewayLogs } from '../../../server/src/cluster/logs/gateway-logs.ts';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { pause } from '../../../server/src/cluster/tools/pause.ts';
import type { Outcome } from '../../../server/src/cluster/tools/problem.ts';
import { sendTestRequest, type TestAnswer } from '../../../server/src/cluster/requests/test-request.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { TraceParams, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import { explainLines } from '../logs/line-explainer.ts';
import type { Server } from '../language-server.ts';
import type { ClientPod } from './ask-request.ts';
import { compare } from './compare-with-trace.ts';
import { findLine, type FoundLine } from './find-line.ts';
import type { TestResult } from './result-document.ts';

export interface RequestToSend {
  readonly context: string;
  readonly client: ClientPod;
  readonly url: string;
  readonly method: string;
  /** A file of the folder whose manifests say what to expect. */
  readonly uri: string | null;
}

interface Means {
  readonly run: Run;
  readonly tools: Tools;
  readonly server: Server;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
  readonly words: {
    readonly sending: string;
    readonly reading: string;
    readonly noGateway: string;
    readonly noLine: string;
  };
}

/** A waypoint writes its lines a moment later. */
const waitMs = 5000;

export async function sendAndGather(means: Means, request: RequestToSend): Promise<Outcome<TestResult>> {
  const {
    context,
    client: { namespace, pod, container },
    url,
    method,
  } = request;
  const { run, tools, signal } = means;
  const from = `${namespace}/${pod.serviceAccount}`;
  const expected = await traceOf(means.server, {
    uri: request.uri,
    url,
    from,
    method,
    labels: Object.fromEntries(pod.labels),
  });
  means.report(means.words.sending);
  const sent = await sendTestRequest(
    run,
    { context, tools, namespace, pod: pod.name, container, url, method },
    { signal },
  );
  if (!sent.ok) return sent;
  means.report(means.words.reading);
  const line = await lineOf(means, request, expected, sent.value);
  const explained = typeof line === 'string' ? undefined : line.row.explained;
  const comparison = compare(expected, { answer: sent.value, line: explained });
  return {
    ok: true,
    value: { context, from, pod: pod.name, container, method, url, answer: sent.value, expected, comparison, line },
  };
}

async function traceOf(server: Server, params: TraceParams): Promise<TraceResult | undefined> {
  const answer = await server.request('istioEgress/trace', params);
  return answer && !('problem' in answer) ? answer : undefined;
}

/** In the log of the gateway that the trace names; a request that was to go past all is looked for nowhere. */
async function lineOf(
  { run, tools, server, signal, words }: Means,
  { context, url, method, uri }: RequestToSend,
  expected: TraceResult | undefined,
  { sentAt, response }: TestAnswer,
): Promise<FoundLine | string> {
  const gateway =
    expected?.waypoint ?? expected?.candidates.map(({ waypoint }) => waypoint).find((one) => one !== null);
  if (!gateway) return words.noGateway;
  const since = new Date(Date.parse(sentAt) - 60_000).toISOString();
  for (const until = Date.now() + waitMs; ; ) {
    const read = await readGatewayLogs(run, { context, tools, ...gateway }, { signal, since, tail: 500 });
    if (!read.ok) return `${read.problem.message} ${read.problem.advice}`;
    const found = findLine(await explainLines(server, uri, read.value), { url, method, sentAt, response });
    if (found) return found;
    if (Date.now() >= until || signal.aborted) return words.noLine;
    await pause(500, signal);
  }
}
