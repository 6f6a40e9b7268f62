// Sends a request to the server and shows the reason if it cannot be answered.
import type { ParamsArgument, RequestMethod, RequestParams, RequestResult } from '../../../server/src/lsp/protocol.ts';
import type { Unanswerable } from '../../../server/src/lsp/protocol/shared.ts';
import type { EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { withStatus } from '../ui/progress.ts';

/** What the status bar says meanwhile. */
const doing: { readonly [M in RequestMethod]?: string } = {
  'istioEgress/access': 'Reading who may call',
  'istioEgress/compareAccess': 'Comparing access',
  'istioEgress/explainLog': 'Explaining the log',
  'istioEgress/newManifest': 'Writing the manifest',
  'istioEgress/newRoute': 'Planning the route',
  'istioEgress/trace': 'Tracing the request',
};

/** Undefined if there is no answer; the user got a message. */
export async function askServer<M extends RequestMethod>(
  egress: EgressContext,
  method: M,
  ...params: ParamsArgument<RequestParams<M>>
): Promise<Exclude<RequestResult<M>, Unanswerable> | undefined> {
  try {
    const answer = await withStatus(
      doing[method] ?? 'Asking the language server',
      egress.server.request(method, ...params),
    );
    if (answer && isAnswer(answer)) return answer;
    if (!answer) return noServer(egress);
    showMessage(egress, 'warn', 'problem' in answer ? String(answer.problem) : 'The language server does not answer.');
  } catch (error) {
    egress.output.error(`${method}: ${String(error)}`);
    showMessage(egress, 'error', 'The language server could not answer: internal error. See the output for details.');
  }
  return undefined;
}

/** Says that the server does not run, and how to go on. */
export function noServer(egress: EgressContext): undefined {
  showMessage(egress, 'warn', 'The language server does not answer. Restart it, or see its output.', {
    actions: [{ label: 'Restart Server', go: () => egress.server.restart() }],
  });
}

function isAnswer<Result extends object>(result: Result): result is Exclude<Result, Unanswerable> {
  return !('problem' in result);
}
