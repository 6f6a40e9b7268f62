// Makes a plan from what the user selected: which manifests, which cluster, which changes. Writes nothing.
import { Uri, window } from 'vscode';
import { planApply, type ApplyPlan } from '../../../server/src/cluster/apply/apply-plan.ts';
import type { LiveTarget } from '../cluster/live.ts';
import { readTarget } from '../cluster/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { withProgress } from '../ui/progress.ts';
import { showMessage, showProblem } from '../ui/notify.ts';
import type { ClusterAccess } from '../cluster/tools.ts';
import { textsIn } from '../ui/texts-in.ts';

export interface Planned {
  readonly plan: ApplyPlan;
  readonly target: LiveTarget;
  /** What the files hold besides, which is skipped; a sentence, empty where there is nothing. */
  readonly note: string;
}

/** One object of a file. */
interface Wanted {
  readonly uri: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Undefined if there is nothing to plan; the user got a message. */
export async function makePlan(
  egress: EgressContext,
  { tools, run }: ClusterAccess,
  given: unknown,
  more: unknown,
): Promise<Planned | undefined> {
  const wanted = isWanted(given) ? given : undefined;
  const uris = wanted ? [wanted.uri] : urisIn(given, more);
  const found = await egress.server.request('istioEgress/manifests', { uris });
  const manifests = (found?.manifests ?? []).filter(
    ({ kind, namespace, name }) =>
      !wanted || (kind === wanted.kind && namespace === wanted.namespace && name === wanted.name),
  );
  const others = wanted ? 0 : (found?.leftOut.length ?? 0);
  const note = noteOn(others);
  if (manifests.length === 0) {
    showMessage(egress, 'warn', ['This file has no manifest that can be applied.', note].join(' ').trim());
    return undefined;
  }
  const target = await readTarget(egress, run, tools);
  if (!target.ok) {
    showProblem(egress, target.problem);
    return undefined;
  }
  egress.live.setTarget(target.value);
  const { context } = target.value;
  const items = manifests.map(({ id, kind, namespace, name, text, errors }) => ({
    id,
    kind,
    namespace,
    name,
    text,
    errors,
  }));
  const title =
    items.length === 1
      ? `Asking cluster ${context} what 1 manifest would change`
      : `Asking cluster ${context} what ${items.length} manifests would change`;
  const plan = await withProgress(title, (signal) => planApply(run, { context, tools, items }, { signal }));
  if (!plan.ok) {
    showProblem(egress, plan.problem);
    return undefined;
  }
  return { plan: plan.value, target: target.value, note };
}

function noteOn(others: number): string {
  if (others === 0) return '';
  if (others === 1) return '1 document skipped: another kind, or a template.';
  return `${others} documents skipped: other kinds, or templates.`;
}

function isWanted(given: unknown): given is Wanted {
  return textsIn(given, 'uri', 'kind', 'namespace', 'name') !== undefined;
}

/** The files that are selected in a menu; else the one in the editor. */
function urisIn(given: unknown, more: unknown): readonly string[] {
  if (!(given instanceof Uri))
    return [window.activeTextEditor?.document.uri].filter((uri) => uri !== undefined).map(String);
  const selected = Array.isArray(more) ? more.filter((one): one is Uri => one instanceof Uri) : [];
  return (selected.length > 0 ? selected : [given]).map(String);
}
