// The context and namespace that commands use: the user's choice for this workspace, otherwise the kubeconfig's. No cluster is contacted.
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { workspace } from 'vscode';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { readContexts } from '../../../server/src/cluster/tools/contexts.ts';
import { readIdentity } from '../../../server/src/cluster/tools/identity.ts';
import type { Outcome } from '../../../server/src/cluster/tools/problem.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { isProtected } from '../ui/protected-contexts.ts';
import type { LiveTarget } from './live.ts';

const memoryKey = 'istioEgress.target';

interface Choice {
  readonly context: string;
  readonly namespace: string;
}

export function choose({ memory }: Pick<EgressContext, 'memory'>, choice: Choice | undefined): Thenable<void> {
  return memory.update(memoryKey, choice);
}

/** A chosen context that is gone from the kubeconfig is not used. */
export async function readTarget(
  { memory }: Pick<EgressContext, 'memory'>,
  run: Run,
  tools: Tools,
): Promise<Outcome<LiveTarget>> {
  const contexts = await readContexts(run, tools);
  if (!contexts.ok) return contexts;
  const { all, current } = contexts.value;
  const choice = memory.get<Choice>(memoryKey);
  const found = all.find(({ name }) => name === choice?.context) ?? all.find(({ name }) => name === current) ?? all[0]!;
  const chosen = found.name === choice?.context;
  const identity = await readIdentity(run, { context: found.name, tools });
  const patterns = workspace.getConfiguration().get<readonly string[]>('istioEgress.protectedContexts', []);
  return {
    ok: true,
    value: {
      context: found.name,
      namespace: chosen ? choice.namespace : found.namespace,
      chosen,
      server: identity.ok ? identity.value.server : '',
      isProtected: isProtected(found.name, patterns),
    },
  };
}

/** Files that kubectl reads, for showing. */
export function kubeconfigFiles(): readonly string[] {
  const setting = workspace.getConfiguration().get<string>('istioEgress.kubeconfig', '').trim();
  if (setting !== '') return [setting];
  const files = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return files.length > 0 ? files : [join(homedir(), '.kube', 'config')];
}
