// The Trace view: one request hop by hop, traced again when it or the files change.
import { commands } from 'vscode';
import { nullable, object, readIfValid, text } from '../../../../server/src/lsp/protocol/read.ts';
import type { TraceResult } from '../../../../server/src/lsp/protocol/egress.ts';
import { askServer } from '../../commands/ask-server.ts';
import { showPlaceBesideView } from '../../commands/open-resource.ts';
import { compose } from '../../documents/answer.ts';
import { openProposal } from '../../documents/proposal.ts';
import { traceLines } from '../../documents/trace.ts';
import type { EgressContext } from '../../extension-context.ts';
import { addExpectation } from '../../trace/add-expectation.ts';
import { traceTitle } from '../../documents/names.ts';
import { showMessage } from '../../ui/notify.ts';
import { defineWebview } from '../kit/webview.ts';
import { readRequest, traceProtocol, type ShownRequest } from './protocol.ts';
import { shownTrace } from './shown-trace.ts';

/** What the view is opened with. `uri` is a file of the folder whose manifests count; `null` is the first folder. */
interface TraceViewGiven extends ShownRequest {
  readonly uri: string | null;
}

const readUri = object<Pick<TraceViewGiven, 'uri'>>({ uri: nullable(text) });

export const traceView = defineWebview({
  protocol: traceProtocol,
  title: 'Trace',
  isBeside: true,
  connect(link, egress, given) {
    const { server } = egress;
    let { uri, request } = givenOf(given);
    let turn = 0;

    const show = async (): Promise<void> => {
      if (!link.isVisible()) return;
      const asked = request;
      const mine = ++turn;
      if (asked.url === '') return link.post('problem', { request: asked, problem: noRequest });
      const trace = await server.request('istioEgress/trace', { uri, ...asked });
      // A later request may have been answered earlier.
      if (mine !== turn || !trace) return;
      link.setTitle(traceTitle(asked));
      if ('problem' in trace) link.post('problem', { request: asked, problem: trace.problem });
      else link.post('shown', { request: asked, trace: shownTrace(trace) });
    };
    const showChoices = async (): Promise<void> => {
      const choices = await server.request('istioEgress/requestChoices', { uri });
      if (choices && link.isVisible())
        link.post('choices', { urls: choices.urls.map(({ url }) => url), clients: choices.clients });
    };
    const showAll = () => Promise.all([show(), showChoices()]);
    const listening = server.onDidChange(() => link.refresh('tracing again', showAll()));
    return {
      ready: showAll,
      reopen(again) {
        ({ uri, request } = givenOf(again));
        return showAll();
      },
      handlers: {
        trace(next) {
          request = next;
          return show();
        },
        open: showPlaceBesideView,
        propose: (asked) => propose(egress, uri, asked),
        expect: (asked) => whenTraced(egress, uri, asked, (trace) => addExpectation(egress, asked, trace.verdict)),
        send: ({ url, method, from }) =>
          commands.executeCommand('istioEgress.sendTestRequest', {
            ...(uri !== null && { uri }),
            url,
            method,
            namespace: from.split('/')[0],
          }),
        asText: (asked) =>
          whenTraced(egress, uri, asked, (trace) =>
            egress.answers.show(traceTitle(asked), compose(traceLines(asked, trace))),
          ),
      },
      dispose: () => listening.dispose(),
    };
  },
});

const noRequest = 'Choose a client and a host above to see the way of the request.';

function givenOf(given: unknown): { uri: string | null; request: ShownRequest } {
  const { uri } = readIfValid(readUri, given) ?? { uri: null };
  return { uri, request: readIfValid(readRequest, given) ?? { url: '', from: '', method: 'GET' } };
}

async function whenTraced(
  egress: EgressContext,
  uri: string | null,
  request: ShownRequest,
  go: (trace: TraceResult) => unknown,
): Promise<void> {
  const trace = await askServer(egress, 'istioEgress/trace', { uri, ...request });
  if (trace) await go(trace);
}

async function propose(egress: EgressContext, uri: string | null, request: ShownRequest): Promise<void> {
  const answer = await askServer(egress, 'istioEgress/proposePolicy', { uri, ...request });
  if (!answer) return;
  if (answer.proposal) return openProposal(answer.proposal);
  showMessage(
    egress,
    'info',
    'No rule that allows requests can change this: a DENY rule or an egress gateway denies it. Follow the links of the trace.',
  );
}
