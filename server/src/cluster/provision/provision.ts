// Plans the provisioning of an egress gateway: command, resulting Gateway, blockers and warnings. Changes nothing.
import { succeeded, type Command, type Run } from '../tools/command.ts';
import { readIdentity, type ClusterIdentity } from '../tools/identity.ts';
import { problemOf, unreadable, type Outcome, planningStopped } from '../tools/problem.ts';
import { readFacts, readNamespace, type GatewayObjects, type ProvisionFacts } from './provision-facts.ts';
import { blockersOf, warningsOf, type Notice } from './provision-notices.ts';
import { applyCommand, generateCommand, requestFault, type ProvisionRequest } from './provision-request.ts';
import { read, type Limits } from '../tools/target.ts';

export interface ProvisionPlan {
  readonly request: ProvisionRequest;
  /** The cluster that was read; no other is changed. */
  readonly identity: ClusterIdentity;
  /** Exactly what will be run. */
  readonly command: Command;
  /** The Gateway it makes, as istioctl prints it. */
  readonly gatewayText: string;
  /** The cluster as it was found; what an undo goes back to. */
  readonly facts: ProvisionFacts;
  readonly objects: GatewayObjects;
  /** Reasons why the command would not do what was requested. */
  readonly blockers: readonly Notice[];
  readonly warnings: readonly Notice[];
}

/** Reads from the cluster and istioctl; both are required. Writes nothing. */
export async function planProvision(
  run: Run,
  request: ProvisionRequest,
  limits: Limits = {},
): Promise<Outcome<ProvisionPlan>> {
  const fault = requestFault(request);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const [identity, namespace, gatewayText] = await Promise.all([
    readIdentity(run, request, limits),
    readNamespace(run, request, limits),
    generate(run, request, limits),
  ]);
  if (!identity.ok) return identity;
  if (!namespace.ok) return namespace;
  if (!gatewayText.ok) return gatewayText;
  const { facts, objects } = await readFacts(run, request, namespace.value, gatewayText.value, limits);
  if (limits.signal?.aborted) return { ok: false, problem: planningStopped };
  return {
    ok: true,
    value: {
      request,
      identity: identity.value,
      command: applyCommand(request),
      gatewayText: gatewayText.value,
      facts,
      objects,
      blockers: blockersOf(request, facts),
      warnings: warningsOf(request, facts),
    },
  };
}

async function generate(run: Run, request: ProvisionRequest, limits: Limits): Promise<Outcome<string>> {
  const command = generateCommand(request);
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('istioctl', command, result, request.context) };
  if (!/^kind: Gateway$/m.test(result.stdout))
    return { ok: false, problem: unreadable('istioctl', command, 'a Gateway') };
  return { ok: true, value: result.stdout };
}
