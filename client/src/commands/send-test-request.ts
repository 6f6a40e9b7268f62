// Send Test Request: sends one request from a pod and shows the result beside the expected one.
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import type { PodSummary } from '../../../server/src/cluster/objects/pods.ts';
import { listPods } from '../../../server/src/cluster/objects/pods.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { RequestAtResult } from '../../../server/src/lsp/protocol/workspace.ts';
import type { EgressContext } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { testTitle } from '../documents/names.ts';
import { workPlace, type WorkPlace } from '../documents/work-place.ts';
import { chooseContext } from '../ui/choose-context.ts';
import { withProgress } from '../ui/progress.ts';
import { askSteps } from '../ui/pick-steps.ts';
import { showMessage, showProblem } from '../ui/notify.ts';
import { clusterCommand } from './cluster-command.ts';
import { askClient, askMethod, askUrl, type ClientDraft } from '../test-request/ask-request.ts';
import { resultLines } from '../test-request/result-document.ts';
import { sendAndGather, type RequestToSend } from '../test-request/send.ts';

interface Draft extends ClientDraft {
  readonly url: string;
  readonly method: string;
}

/** What code that runs the command may pass: a place in a file, or any part of the request. */
interface GivenRequest {
  readonly uri?: string;
  readonly line?: number;
  readonly character?: number;
  readonly context?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly url?: string;
  readonly method?: string;
}

export const sendTestRequest = clusterCommand(
  'istioEgress.sendTestRequest',
  'kubectl',
  async (egress, { tools, run }, given) => {
    const request = await complete(egress, run, tools, readGiven(given));
    if (!request) return 'left';
    const title = `${request.method} ${request.url} from ${request.client.pod.name}`;
    const result = await withProgress(title, (signal, report) =>
      sendAndGather({ run, tools, server: egress.server, signal, report, words: words() }, request),
    );
    if (!result.ok) {
      showProblem(egress, result.problem);
      return 'problem';
    }
    const { value } = result;
    egress.output.info(`${title}: ${value.answer.summary} ${value.comparison.text}`);
    await egress.answers.show(testTitle(value), compose(resultLines(value)));
    return {
      status: value.answer.response?.status,
      agrees: value.comparison.agrees,
      line: typeof value.line === 'string' ? undefined : value.line.row.explained.line,
    };
  },
);

function words() {
  return {
    sending: 'Running curl',
    reading: "looking for the request in the gateway's log",
    noGateway: 'The files show no gateway for this request, so no log was read.',
    noLine: "The gateway's log has no line for this request.",
  };
}

async function complete(
  egress: EgressContext,
  run: Run,
  tools: Tools,
  said: GivenRequest,
): Promise<RequestToSend | undefined> {
  const place = placeOf(said);
  const suggestion = await suggest(egress, place);
  const context = said.context ?? (await chooseContext(egress, run, tools, 'Send Test Request'));
  if (context === undefined) return undefined;
  const client = await saidClient(egress, run, tools, context, said);
  if (client === 'gone') return undefined;
  const namespaces = [...new Set(suggestion.clients.map((one) => one.split('/')[0]!))];
  const start: Draft = {
    namespace: said.namespace ?? namespaces[0] ?? 'default',
    client,
    url: said.url ?? suggestion.url ?? 'http://',
    method: said.method ?? 'GET',
  };
  const steps = [...(client ? [] : askClient<Draft>(run, context, tools, namespaces)), ...requestSteps(said)];
  const draft = await askSteps('Send Test Request', steps, start);
  return (
    draft?.client && { context, client: draft.client, url: draft.url, method: draft.method, uri: place?.uri ?? null }
  );
}

function placeOf({ uri, line = 0, character = 0 }: GivenRequest): ReturnType<typeof workPlace> {
  return uri === undefined ? workPlace() : { uri, line, character };
}

/** Asks for the missing values. */
function requestSteps({ url, method }: GivenRequest) {
  return [...(url === undefined ? [askUrl<Draft>()] : []), ...(method === undefined ? [askMethod<Draft>()] : [])];
}

/** The pod that was named outright. */
async function saidClient(
  egress: EgressContext,
  run: Run,
  tools: Tools,
  context: string,
  { namespace, pod, container }: GivenRequest,
) {
  if (namespace === undefined || pod === undefined) return undefined;
  const found = await withProgress(`Reading the pods of namespace ${namespace}`, (signal) =>
    listPods(run, { context, tools, namespace }, { signal }),
  );
  if (!found.ok) {
    showProblem(egress, found.problem);
    return 'gone';
  }
  const one: PodSummary | undefined = found.value.find(({ name }) => name === pod);
  const where = container ?? one?.containers.find((name) => name !== 'istio-proxy');
  if (one && where !== undefined) return { namespace, pod: one, container: where };
  showMessage(egress, 'warn', `Pod ${namespace}/${pod} no longer exists.`);
  return 'gone';
}

async function suggest({ server }: EgressContext, place: WorkPlace | undefined): Promise<RequestAtResult> {
  const none: RequestAtResult = { url: null, clients: [] };
  if (!place) return none;
  const { uri, line, character } = place;
  return (await server.request('istioEgress/requestAt', { uri, position: { line, character } })) ?? none;
}

/** A namespace without a pod is that of the selected item, not that of the client. */
function readGiven(given: unknown): GivenRequest {
  if (typeof given !== 'object' || given === null) return {};
  const values = given as Readonly<Record<string, unknown>>;
  const text = (key: string) => (typeof values[key] === 'string' ? { [key]: values[key] } : {});
  const number = (key: string) => (typeof values[key] === 'number' ? { [key]: values[key] } : {});
  return {
    ...text('uri'),
    ...number('line'),
    ...number('character'),
    ...text('context'),
    ...(typeof values['pod'] === 'string' ? text('namespace') : {}),
    ...text('pod'),
    ...text('container'),
    ...text('url'),
    ...text('method'),
  };
}
