// A request that may be refused in words: what a person is told then.
import { l10n, window } from 'vscode';
import type { Unanswerable } from '../../../server/src/lsp/protocol.ts';
import type { EgressContext } from '../extension-context.ts';

/** Undefined where there is no answer; the person was told why. */
export async function askServer<Result extends object>(
  { server, output }: EgressContext,
  method: string,
  params: object,
): Promise<Result | undefined> {
  try {
    const answer = await server.request<Result | Unanswerable | null>(method, params);
    if (answer && 'problem' in answer) return void window.showWarningMessage(answer.problem);
    if (answer) return answer as Result;
    void window.showWarningMessage(
      l10n.t('The language server of Istio Egress has no answer. Restart it, or see its output.'),
    );
  } catch (error) {
    output.error(`${method}: ${String(error)}`);
    void window.showErrorMessage(
      l10n.t('The language server of Istio Egress could not answer. The output has the details.'),
    );
  }
  return undefined;
}
