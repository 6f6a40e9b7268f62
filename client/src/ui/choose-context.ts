// Chooses the kubeconfig context for a command: the one in use, the only one, or the one that the user picks.
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { readContexts, type Contexts } from '../../../server/src/cluster/tools/contexts.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { askSteps, pick, type Answer, type StepPosition } from './pick-steps.ts';
import { showProblem } from './notify.ts';

/** Undefined if the user left, or there is none, after a message. */
export async function chooseContext(
  egress: EgressContext,
  run: Run,
  tools: Pick<Tools, 'kubectl'>,
  title: string,
): Promise<string | undefined> {
  const { target } = egress.live;
  if (target?.chosen) return target.context;
  const found = await readContexts(run, tools);
  if (!found.ok) {
    showProblem(egress, found.problem);
    return undefined;
  }
  const { current, all } = found.value;
  if (all.length === 1) return all[0]!.name;
  return askSteps<string>(title, [(start, place) => pickContext(place, found.value, start)], current ?? all[0]!.name);
}

/** One question: which context of the kubeconfig. */
export function pickContext(
  place: StepPosition,
  { all, current }: Contexts,
  active: string,
  placeholder = 'Kubernetes context',
): Promise<Answer<string>> {
  const items = all.map(({ name, cluster }) => ({
    label: name,
    description: name === current ? 'current' : '',
    detail: `cluster ${cluster}`,
    value: name,
  }));
  return pick(place, { placeholder, items, active });
}
