// The tools that language models in the editor may call. The server answers them; their descriptions are in package.json.
import { Disposable, LanguageModelTextPart, LanguageModelToolResult, lm, type LanguageModelTool } from 'vscode';
import type { AgentToolParams } from '../../server/src/lsp/protocol/agents.ts';
import { workPlace } from './documents/work-place.ts';
import type { EgressContext } from './extension-context.ts';

type ToolName = AgentToolParams['tool'];

const names: readonly ToolName[] = ['check', 'trace', 'access', 'explain'];

export function registerAgentTools(egress: Pick<EgressContext, 'server'>): Disposable {
  return Disposable.from(...names.map((name) => lm.registerTool(`istio-egress_${name}`, toolNamed(name, egress))));
}

function toolNamed(tool: ToolName, { server }: Pick<EgressContext, 'server'>): LanguageModelTool<object> {
  const doing: Readonly<Record<ToolName, string>> = {
    check: 'Checking the Istio egress manifests',
    trace: 'Tracing the request through the manifests',
    access: 'Reading who may call which host',
    explain: 'Reading the page of the rule',
  };
  return {
    prepareInvocation: () => ({ invocationMessage: doing[tool] }),
    async invoke({ input }, token) {
      const uri = workPlace()?.uri ?? null;
      const answer = await server.cancellableRequest(token, 'istioEgress/agentTool', { uri, tool, input });
      if (!answer) throw new Error('The language server does not answer. Restart it, or see its output.');
      // The model reads the reason and can ask again.
      if ('problem' in answer) throw new Error(answer.problem);
      return new LanguageModelToolResult([new LanguageModelTextPart(answer.text)]);
    },
  };
}
