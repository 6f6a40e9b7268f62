// Sends a request to the server and shows the reason if it cannot be answered.
import { l10n, window } from 'vscode';
import type { ParamsArgument, RequestMethod, RequestParams, RequestResult } from '../../../server/src/lsp/protocol.ts';
import type { Unanswerable } from '../../../server/src/lsp/protocol/shared.ts';
import type { EgressContext } from '../extension-context.ts';

/** Undefined if there is no answer; the user got a message. */
export async function askServer<M extends RequestMethod>(
  { server, output }: EgressContext,
  method: M,
  ...params: ParamsArgument<RequestParams<M>>
): Promise<Exclude<RequestResult<M>, Unanswerable> | undefined> {
  try {
    const answer = await server.request(method, ...params);
    if (answer && isAnswer(answer)) return answer;
    void window.showWarningMessage(
      answer && 'problem' in answer
        ? String(answer.problem)
        : l10n.t('The language server does not answer. Restart it, or see its output.'),
    );
  } catch (error) {
    output.error(`${method}: ${String(error)}`);
    void window.showErrorMessage(
      l10n.t('The language server could not answer: internal error. See the output for details.'),
    );
  }
  return undefined;
}

function isAnswer<Result extends object>(result: Result): result is Exclude<Result, Unanswerable> {
  return !('problem' in result);
}
