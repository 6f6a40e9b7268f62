// A Gateway in the cluster: class, addresses and conditions.
import type { Run } from '../tools/command.ts';
import { listAt, numberAt, stringAt, at } from '../tools/parse-json.ts';
import type { Outcome } from '../tools/problem.ts';
import { getObject, type Limits, type ObjectName, type Target } from '../tools/target.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Whether it speaks of the object as it is now, not of an earlier generation. */
  readonly current: boolean;
}

export interface GatewayState {
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly addresses: readonly string[];
  readonly conditions: readonly Condition[];
}

/** Undefined if the cluster has no such Gateway. */
export async function readGateway(
  run: Run,
  target: Target,
  name: string,
  limits: Limits = {},
): Promise<Outcome<GatewayState | undefined>> {
  const found = await getObject(run, target, gatewayNamed(name), limits);
  if (!found.ok) return found;
  return { ok: true, value: found.value && gatewayOf(found.value) };
}

/** Group and all: a plain `gateway` may as well mean Istio's own kind of that name. */
export function gatewayNamed(name: string): ObjectName {
  return { resource: 'gateways.gateway.networking.k8s.io', kind: 'Gateway', name };
}

/** The waypoint's own, which Istio makes for its Gateway. */
export function deploymentNamed(name: string): ObjectName {
  return { resource: 'deployments.apps', kind: 'Deployment', name };
}

/** Reads the parts of a Gateway object that matter here; what is not there is empty. */
export function gatewayOf(value: unknown): GatewayState {
  const generation = numberAt(value, 'metadata', 'generation');
  return {
    namespace: stringAt(value, 'metadata', 'namespace') ?? '',
    name: stringAt(value, 'metadata', 'name') ?? '',
    className: stringAt(value, 'spec', 'gatewayClassName') ?? '',
    labels: labelsOf(value),
    addresses: listAt(value, 'status', 'addresses').flatMap((address) => stringAt(address, 'value') ?? []),
    conditions: listAt(value, 'status', 'conditions').flatMap((condition) => conditionOf(condition, generation)),
  };
}

export function isProgrammed(gateway: GatewayState): boolean {
  return gateway.conditions.some(({ type, status, current }) => type === 'Programmed' && status === 'True' && current);
}

/** The condition that keeps a Gateway from being programmed: the first unmet step on the way there. */
export function missingCondition(gateway: GatewayState): Condition {
  for (const type of ['Accepted', 'Programmed']) {
    const condition = gateway.conditions.find((other) => other.type === type);
    if (!condition)
      return {
        type,
        status: 'Unknown',
        reason: '',
        message: 'No controller has reported this condition yet.',
        current: false,
      };
    if (condition.status !== 'True' || !condition.current) return condition;
  }
  throw new Error('missingCondition: this Gateway is programmed');
}

export function labelsOf(value: unknown): ReadonlyMap<string, string> {
  const labels = at(value, 'metadata', 'labels');
  if (typeof labels !== 'object' || labels === null) return new Map();
  return new Map(
    Object.entries(labels).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])),
  );
}

function conditionOf(value: unknown, generation: number | undefined): readonly Condition[] {
  const type = stringAt(value, 'type');
  if (type === undefined) return [];
  const status = stringAt(value, 'status');
  const observed = numberAt(value, 'observedGeneration');
  return [
    {
      type,
      status: status === 'True' || status === 'False' ? status : 'Unknown',
      reason: stringAt(value, 'reason') ?? '',
      message: stringAt(value, 'message') ?? '',
      current: observed === undefined || generation === undefined || observed >= generation,
    },
  ];
}
