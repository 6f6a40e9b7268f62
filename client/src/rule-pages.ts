// The rules' pages as read-only documents, the target of each finding's code.
import { workspace, type Disposable } from 'vscode';
import type { Server } from './language-server.ts';

export const rulePageScheme = 'istio-egress-rule';

export function registerRulePages(server: Server): Disposable {
  return workspace.registerTextDocumentContentProvider(rulePageScheme, {
    async provideTextDocumentContent({ path }) {
      const rule = path.replace(/^\//, '').replace(/\.md$/, '');
      const answer = await server.request('istioEgress/rulePage', { rule });
      return answer?.markdown;
    },
  });
}
