// Undoes a provisioning: restores the label, then deletes or restores the Gateway.
// Later changes by others are kept and reported.
import type { Run } from '../tools/command.ts';
import { deleteCommand } from './delete-gateway.ts';
import { enrolledIn, labelCommand, nameOfLabelled } from '../objects/enrolled.ts';
import { gatewayNamed, labelsOf } from '../objects/live-gateway.ts';
import { contextMoved } from '../tools/identity.ts';
import { sameJson, stringAt } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { otherManagers } from '../objects/managers.ts';
import type { Outcome, Problem } from '../tools/problem.ts';
import type { ProvisionPlan } from './provision.ts';
import { authoredParts, useWaypointLabel } from './provision-facts.ts';
import { carryOutSteps, tellSteps, type Step, type StepOptions, type Wanted } from '../tools/write-steps.ts';
import { getObject, kubectl, type Limits } from '../tools/target.ts';
import { planningStopped } from '../tools/problem.ts';

/** What an undo would do, read from the cluster as it is now. */
export interface UndoPlan {
  readonly wanted: readonly Wanted[];
  /** What is not touched, and why. */
  readonly left: readonly Step[];
  /** Other objects that name the Gateway that would be deleted, for users. */
  readonly withoutWaypoint: readonly string[];
}

export interface Undone {
  /** `partly`: something was left or failed; the message says what. */
  readonly outcome: 'undone' | 'nothing-to-do' | 'partly' | 'refused';
  readonly steps: readonly Step[];
  readonly message: string;
  readonly problem: Problem | undefined;
}

export async function planUndo(run: Run, plan: ProvisionPlan, limits: Limits = {}): Promise<Outcome<UndoPlan>> {
  const { request, identity } = plan;
  const moved = await contextMoved(run, request, identity, limits);
  if (moved !== undefined) return { ok: false, problem: moved };
  const [space, gateway, enrolled] = await Promise.all([
    getObject(run, request, { resource: 'namespaces', kind: 'Namespace', name: request.namespace }, limits),
    getObject(run, request, gatewayNamed(request.name), limits),
    enrolledIn(run, request, limits),
  ]);
  if (!space.ok) return space;
  if (!gateway.ok) return gateway;
  if (limits.signal?.aborted) return { ok: false, problem: planningStopped };
  const steps = [...labelSteps(plan, space.value), ...gatewaySteps(plan, gateway.value)];
  const goes = steps.some((one) => 'command' in one && one.what === 'gateway' && one.input === undefined);
  const others = enrolled.labelled.filter(({ kind, name }) => !(kind === 'Namespace' && name === request.namespace));
  return {
    ok: true,
    value: {
      wanted: steps.filter((one) => 'command' in one),
      left: steps.filter((one) => 'outcome' in one),
      withoutWaypoint: goes ? others.map(nameOfLabelled) : [],
    },
  };
}

/** Plans again and carries that out. */
export async function undoProvision(run: Run, plan: ProvisionPlan, options: StepOptions = {}): Promise<Undone> {
  const planned = await planUndo(run, plan, { signal: options.signal });
  if (!planned.ok)
    return {
      outcome: 'refused',
      steps: [],
      problem: planned.problem,
      message: `${planned.problem.message} ${planned.problem.advice}`,
    };
  const { wanted, left, withoutWaypoint } = planned.value;
  const done = await carryOutSteps(run, wanted, plan.request.context, options);
  const steps = [...done, ...left];
  const fault = done.find(({ outcome }) => outcome !== 'done');
  const isPartly = fault !== undefined || left.some((step) => step.outcome === 'left');
  const whole = done.length > 0 ? 'undone' : 'nothing-to-do';
  const outcome = isPartly ? 'partly' : whole;
  const lost = withoutWaypoint.length > 0 && !fault ? ` Now without a waypoint: ${withoutWaypoint.join(', ')}.` : '';
  const words = outcome === 'nothing-to-do' ? 'Nothing to undo.' : tellSteps(steps);
  return {
    outcome,
    steps,
    problem: fault?.problem,
    message: `${words}${lost}${fault ? ' To finish, fix the problem and undo again; what is already undone does not change.' : ''}`,
  };
}

type Todo = Wanted | Step;

function labelSteps({ request, facts, identity }: ProvisionPlan, space: object | undefined): readonly Todo[] {
  if (!request.enroll || facts.namespace === 'missing') return [];
  const { namespace, name } = request;
  const before = facts.namespace.useWaypoint;
  const left = (outcome: 'left' | 'nothing-to-do', message: string): readonly Step[] => [
    { what: 'label', outcome, message },
  ];
  if (space === undefined) return left('nothing-to-do', `Namespace ${namespace} no longer exists.`);
  const now = labelsOf(space).get(useWaypointLabel) || undefined;
  if (now === before) return left('nothing-to-do', `Namespace ${namespace} has its earlier labels again.`);
  if (now !== name)
    return left(
      'left',
      `Namespace ${namespace} was not changed: after that, its label was changed to ${now === undefined ? 'none' : `${useWaypointLabel}: ${now}`}.`,
    );
  const labelled = {
    kind: 'Namespace',
    namespace: '',
    name: namespace,
    resourceVersion: stringAt(space, 'metadata', 'resourceVersion') ?? '',
  } as const;
  return [
    {
      what: 'label',
      command: labelCommand(request, labelled, before, identity.server),
      done:
        before === undefined
          ? `The label ${useWaypointLabel} was removed from namespace ${namespace}.`
          : `Namespace ${namespace} uses the waypoint ${before} again.`,
      undone: `Namespace ${namespace} still uses the waypoint ${name}.`,
    },
  ];
}

function gatewaySteps(
  { request, facts, identity, objects }: ProvisionPlan,
  gateway: object | undefined,
): readonly Todo[] {
  const where = `Gateway ${request.namespace}/${request.name}`;
  const left = (outcome: 'left' | 'nothing-to-do', message: string): readonly Step[] => [
    { what: 'gateway', outcome, message },
  ];
  if (gateway === undefined)
    return facts.gateway === 'none'
      ? left('nothing-to-do', `${where} does not exist.`)
      : left('left', `${where} was already deleted by someone else.`);
  if (facts.gateway === 'unknown')
    return left('left', `${where} was not changed: it is unknown whether it existed before.`);
  if (objects.before !== undefined && sameJson(authoredParts(objects.before), authoredParts(gateway)))
    return left('nothing-to-do', `${where} has its earlier content again.`);
  const changed = changedSince(objects.planned, gateway);
  if (changed !== undefined) return left('left', `${where} was not changed: ${changed}`);
  if (objects.before === undefined)
    return [
      {
        what: 'gateway',
        command: deleteCommand(request, identity),
        done: `${where} was deleted.`,
        undone: `${where} still exists.`,
      },
    ];
  const back = authored(objects.before) as { readonly metadata: object };
  // With the version that was just read, the API server rejects the change if the object is newer.
  const input = JSON.stringify({
    ...back,
    metadata: { ...back.metadata, resourceVersion: stringAt(gateway, 'metadata', 'resourceVersion') },
  });
  const command = kubectl(
    request,
    'replace',
    '--filename=-',
    '--field-manager=istioctl',
    `--server=${identity.server}`,
  );
  return [
    {
      what: 'gateway',
      command,
      input,
      done: `${where} has its earlier content again.`,
      undone: `${where} still has the applied content.`,
    },
  ];
}

/** Undefined if the Gateway is what provisioning made of it. */
function changedSince(planned: object | undefined, gateway: object): string | undefined {
  const others = otherManagers(gateway, ['istioctl']);
  if (planned !== undefined && sameJson(authoredParts(planned), authoredParts(gateway))) return undefined;
  if (planned === undefined && others.length === 0) return undefined;
  return `it was changed after that${others.length === 0 ? '' : ` (also written by ${others.join(', ')})`}. Delete it yourself if it is not needed.`;
}
