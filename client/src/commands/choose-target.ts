// Which context and namespace this workspace works with.
import { commands } from 'vscode';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { listNamespaces, readContexts, type Contexts } from '../../../server/src/cluster/tools/contexts.ts';
import { namespaceNameFault } from '../../../server/src/cluster/tools/name-faults.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import { choose, readTarget } from '../cluster/target.ts';
import { userRun, type ClusterAccess } from '../cluster/tools.ts';
import type { EgressContext } from '../extension-context.ts';
import { showProblem } from '../ui/notify.ts';
import { askSteps, pickRead, type Step } from '../ui/pick-steps.ts';
import { typedNamespace } from '../ui/typed-namespace.ts';
import { clusterCommand } from './cluster-command.ts';
import { forgetCluster } from './read-cluster.ts';
import { textsIn } from '../ui/texts-in.ts';
import { pickContext } from '../ui/choose-context.ts';

interface Choice {
  readonly context: string;
  readonly namespace: string;
}

/** Stored for this workspace only. Callers may pass both. */
export const chooseTarget = clusterCommand('istioEgress.chooseTarget', 'kubectl', async (egress, access, given) => {
  const choice = isChoice(given) ? given : await ask(egress, access);
  if (!choice) return undefined;
  await choose(egress, choice);
  const target = await readTarget(egress, userRun(), access.tools);
  if (target.ok) egress.live.setTarget(target.value);
  // What was read of another cluster must not pass for this one's.
  if (egress.live.snapshot && egress.live.snapshot.context !== choice.context)
    await commands.executeCommand(forgetCluster.id);
  return choice;
});

function isChoice(given: unknown): given is Choice {
  const choice = textsIn(given, 'context', 'namespace');
  return choice !== undefined && namespaceNameFault(choice.namespace) === undefined;
}

async function ask(egress: EgressContext, { tools, run }: ClusterAccess): Promise<Choice | undefined> {
  const found = await readContexts(run, tools);
  if (!found.ok) {
    showProblem(egress, found.problem);
    return undefined;
  }
  const { all, current } = found.value;
  const start = {
    context: egress.live.target?.context ?? current ?? all[0]!.name,
    namespace: egress.live.target?.namespace ?? 'default',
  };
  return askSteps<Choice>('Context and Namespace', [askContext(found.value), askNamespace(run, tools)], start);
}

function askContext(contexts: Contexts): Step<Choice> {
  return async (draft, place) => {
    const context = await pickContext(place, contexts, draft.context, 'Kubernetes context for this workspace');
    if (typeof context !== 'string' || context === draft.context) return typeof context === 'string' ? draft : context;
    return { context, namespace: contexts.all.find(({ name }) => name === context)?.namespace ?? 'default' };
  };
}

function askNamespace(run: Run, tools: Tools): Step<Choice> {
  return async (draft, place) => {
    const namespace = await pickRead(place, `Reading the namespaces of context ${draft.context}…`, async () => {
      const names = await listNamespaces(run, draft.context, tools);
      return {
        placeholder: names.ok
          ? `Namespace in context ${draft.context}; type to search`
          : `Type the namespace. ${names.problem.message}`,
        items: [...new Set([draft.namespace, ...(names.ok ? names.value : [])])].map((name) => ({
          label: name,
          value: name,
        })),
        active: draft.namespace,
        fromText: typedNamespace,
      };
    });
    return typeof namespace === 'string' ? { ...draft, namespace } : namespace;
  };
}
