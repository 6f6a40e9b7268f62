// Plans and runs the deletion of an egress gateway, with the labels that refer to it. The caller shows which hosts lose the gateway.
import { contextNameFault, namespaceNameFault, waypointNameFault } from '../tools/name-faults.ts';
import type { Command, Run } from '../tools/command.ts';
import { enrolledIn, labelCommand, nameOfLabelled, type EnrolledIn, type Labelled } from '../objects/enrolled.ts';
import { gatewayNamed, gatewayOf, type GatewayState } from '../objects/live-gateway.ts';
import { contextMoved, readIdentity, type ClusterIdentity } from '../tools/identity.ts';
import { stringAt } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { otherManagers } from '../objects/managers.ts';
import type { Outcome, Problem } from '../tools/problem.ts';
import type { Notice } from './provision-notices.ts';
import { pause } from '../tools/pause.ts';
import { carryOutSteps, tellSteps, type Step, type StepOptions, type Wanted } from '../tools/write-steps.ts';
import { getObject, kubectl, type Limits, type Target } from '../tools/target.ts';
import { toYaml } from '../objects/to-yaml.ts';
import { planningStopped } from '../tools/problem.ts';

export interface DeleteRequest extends Target {
  readonly name: string;
}

export interface DeletePlan extends EnrolledIn {
  readonly request: DeleteRequest;
  readonly identity: ClusterIdentity;
  readonly gateway: GatewayState;
  readonly uid: string;
  /** The Gateway as its author wrote it: applied again, it brings the waypoint back. */
  readonly manifest: string;
  /** Exactly what will be run for the Gateway itself. */
  readonly command: Command;
  readonly warnings: readonly Notice[];
}

export interface DeleteOptions extends StepOptions {
  /** Whether the labels that name it are taken away too, before it goes. */
  readonly removeLabels?: boolean | undefined;
  /** How long it may take until the Gateway is gone; default: 20 s. */
  readonly goneWithinMs?: number | undefined;
}

export interface DeleteReport {
  /** `refused`: nothing was changed. `stopped`: in the middle. */
  readonly outcome: 'deleted' | 'refused' | 'stopped';
  readonly steps: readonly Step[];
  readonly message: string;
  readonly problem: Problem | undefined;
}

/** Only reads. The problem is `not-found` if the Gateway does not exist. */
export async function planDelete(run: Run, request: DeleteRequest, limits: Limits = {}): Promise<Outcome<DeletePlan>> {
  const fault =
    contextNameFault(request.context) ?? namespaceNameFault(request.namespace) ?? waypointNameFault(request.name);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const [identity, found, enrolled] = await Promise.all([
    readIdentity(run, request, limits),
    getObject(run, request, gatewayNamed(request.name), limits),
    enrolledIn(run, request, limits),
  ]);
  if (!identity.ok) return identity;
  if (!found.ok) return found;
  if (limits.signal?.aborted) return { ok: false, problem: planningStopped };
  if (!found.value)
    return {
      ok: false,
      problem: {
        kind: 'not-found',
        message: `There is no Gateway ${request.namespace}/${request.name} in context ${request.context}.`,
        advice: 'Nothing to delete.',
      },
    };
  const gateway = gatewayOf(found.value);
  return {
    ok: true,
    value: {
      ...enrolled,
      request,
      identity: identity.value,
      gateway,
      uid: stringAt(found.value, 'metadata', 'uid') ?? '',
      manifest: toYaml(authored(found.value)),
      command: deleteCommand(request, identity.value),
      warnings: warningsOf(request, gateway, found.value, enrolled),
    },
  };
}

/** Executes the plan: labels first, if requested, so that no object names a Gateway that is gone. */
export async function deleteGateway(run: Run, plan: DeletePlan, options: DeleteOptions = {}): Promise<DeleteReport> {
  const refusal =
    (await contextMoved(run, plan.request, plan.identity, { signal: options.signal })) ??
    (await otherNow(run, plan, options));
  if (refusal !== undefined)
    return { outcome: 'refused', steps: [], problem: refusal, message: `${refusal.message} ${refusal.advice}` };
  const labels = options.removeLabels === true ? plan.labelled.map((one) => unlabel(plan, one)) : [];
  const steps = await carryOutSteps(run, [...labels, deletion(plan)], plan.request.context, options);
  const fault = steps.find(({ outcome }) => outcome !== 'done');
  const left = fault ? undefined : await stillThere(run, plan, options);
  const back = 'To go back, apply its manifest again; the plan contains it.';
  const rest = fault ? 'To finish, fix the problem and delete it again.' : back;
  return {
    outcome: fault ? outcomeWith(fault, steps) : 'deleted',
    steps,
    problem: fault?.problem,
    message: [tellSteps(steps), ...(left === undefined ? [] : [left]), ...labelsLeft(plan, options), rest].join(' '),
  };
}

/** Where nothing was done, and surely so, the cluster refused it all. */
function outcomeWith(fault: Step, steps: readonly Step[]): 'stopped' | 'refused' {
  const isSomeDone = steps.some(({ outcome }) => outcome === 'done');
  return isSomeDone || fault.outcome === 'unknown' ? 'stopped' : 'refused';
}

export function deleteCommand(
  { context, tools, namespace, name }: DeleteRequest,
  { server }: ClusterIdentity,
): Command {
  return kubectl(
    { context, tools, namespace },
    'delete',
    `${gatewayNamed(name).resource}/${name}`,
    '--wait=false',
    `--server=${server}`,
  );
}

function deletion({ request, command }: DeletePlan): Wanted {
  const where = `Gateway ${request.namespace}/${request.name}`;
  return { what: 'gateway', command, done: `${where} was deleted.`, undone: `${where} still exists.` };
}

function unlabel({ request, identity }: DeletePlan, one: Labelled): Wanted {
  return {
    what: 'label',
    command: labelCommand(request, one, undefined, identity.server),
    done: `${nameOfLabelled(one)} no longer refers to it.`,
    undone: `${nameOfLabelled(one)} still refers to it.`,
  };
}

function labelsLeft({ request, labelled }: DeletePlan, { removeLabels }: DeleteOptions): readonly string[] {
  if (removeLabels === true || labelled.length === 0) return [];
  return [
    `Still labelled istio.io/use-waypoint: ${request.name}, and now without a waypoint: ${labelled.map(nameOfLabelled).join(', ')}.`,
  ];
}

/** A new Gateway with the same name is not the one in the plan. */
async function otherNow(
  run: Run,
  { request, uid }: DeletePlan,
  { signal }: DeleteOptions,
): Promise<Problem | undefined> {
  const found = await getObject(run, request, gatewayNamed(request.name), { signal });
  if (!found.ok) return found.problem;
  const where = `Gateway ${request.namespace}/${request.name}`;
  if (!found.value)
    return { kind: 'not-found', message: `${where} was already deleted.`, advice: 'Nothing was changed.' };
  if (stringAt(found.value, 'metadata', 'uid') === uid) return undefined;
  return {
    kind: 'conflict',
    message: `${where} was deleted and created again after the plan was made.`,
    advice: 'Nothing was changed. Make a new plan.',
  };
}

/** Says what holds a deleted Gateway; undefined once it is gone, or where that cannot be seen. */
async function stillThere(run: Run, { request, uid }: DeletePlan, options: DeleteOptions): Promise<string | undefined> {
  const until = Date.now() + (options.goneWithinMs ?? 20_000);
  for (;;) {
    const found = await getObject(run, request, gatewayNamed(request.name), { signal: options.signal });
    if (!found.ok) return `Could not read whether it still exists: ${found.problem.message}`;
    if (!found.value || stringAt(found.value, 'metadata', 'uid') !== uid) return undefined;
    if (Date.now() >= until) return 'It is marked for deletion; a finalizer still blocks the deletion.';
    await pause(250, options.signal);
  }
}

function warningsOf(
  request: DeleteRequest,
  gateway: GatewayState,
  object: object,
  { labelled, unread }: EnrolledIn,
): readonly Notice[] {
  const where = `Gateway ${request.namespace}/${request.name}`;
  const managers = otherManagers(object, ['istioctl', 'kubectl-client-side-apply', 'kubectl', 'istio-egress']);
  return [
    ...(gateway.className === 'istio-waypoint'
      ? []
      : [
          {
            code: 'gateway-of-other-class',
            message: `${where} is of class ${gateway.className || '(none)'}, so it is not a waypoint made by istioctl.`,
            advice: 'Delete it only if you are sure.',
          },
        ]),
    ...(labelled.length === 0
      ? []
      : [
          {
            code: 'still-named',
            message: `${labelled.map(nameOfLabelled).join(', ')} ${labelled.length === 1 ? 'uses' : 'use'} it by label.`,
            advice:
              'Without it, their traffic bypasses the gateway and its policies no longer apply. Remove the labels too, or set another waypoint first.',
          },
        ]),
    ...(managers.length === 0
      ? []
      : [
          {
            code: 'managed-elsewhere',
            message: `${where} is managed by ${managers.join(', ')}.`,
            advice: 'That tool may create it again.',
          },
        ]),
    ...unread.map(({ what, problem }) => ({
      code: 'not-checked',
      message: `Could not check which ${what} use it: ${problem.message}`,
      advice: 'The command can still run; only this check is missing.',
    })),
  ];
}
