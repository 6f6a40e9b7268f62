// Watches a provisioned waypoint until it is Programmed, or reports which step is missing and why. Trusts the cluster, not istioctl's output.
import { shellQuoted, succeeded, type Command, type Run } from '../tools/command.ts';
import {
  deploymentNamed,
  isProgrammed,
  missingCondition,
  readGateway,
  type Condition,
  type GatewayState,
} from '../objects/live-gateway.ts';
import { at, listAt, numberAt, parseJson } from '../tools/parse-json.ts';
import type { Outcome, Problem, ProblemKind } from '../tools/problem.ts';
import { readNamespace, type NamespaceFacts } from './provision-facts.ts';
import type { Notice } from './provision-notices.ts';
import type { ProvisionRequest } from './provision-request.ts';
import { pause } from '../tools/pause.ts';
import { getObject, kubectl, read } from '../tools/target.ts';

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the waypoint may take; 90 s by default, as istioctl's own wait. */
  readonly timeoutMs?: number | undefined;
  readonly pollMs?: number | undefined;
  /** Called with each answer of the cluster: undefined while the Gateway does not exist. */
  readonly onProgress?: ((gateway: GatewayState | undefined) => void) | undefined;
}

interface Rest {
  readonly message: string;
  /** Other differences from the request. */
  readonly notices: readonly Notice[];
}

export type Verified =
  | ({ readonly outcome: 'programmed'; readonly gateway: GatewayState } & Rest)
  | ({
      readonly outcome: 'not-programmed';
      readonly gateway: GatewayState;
      readonly missing: Condition;
      readonly advice: string;
    } & Rest)
  | ({ readonly outcome: 'gateway-missing'; readonly advice: string } & Rest)
  | ({ readonly outcome: 'failed'; readonly problem: Problem } & Rest);

// Asking again does not help against these.
const lasting: ReadonlySet<ProblemKind> = new Set([
  'not-installed',
  'unknown-context',
  'unauthorized',
  'forbidden',
  'missing-crd',
  'cancelled',
  'unreadable',
]);

export async function verifyProvision(
  run: Run,
  request: ProvisionRequest,
  options: VerifyOptions = {},
): Promise<Verified> {
  const until = Date.now() + (options.timeoutMs ?? 90_000);
  for (;;) {
    const found = await readGateway(run, request, request.name, { signal: options.signal });
    if (found.ok) options.onProgress?.(found.value);
    const settled = found.ok ? found.value !== undefined && isProgrammed(found.value) : lasting.has(found.problem.kind);
    if (settled || Date.now() >= until) return conclude(run, request, found, options.signal);
    await pause(Math.min(options.pollMs ?? 1000, Math.max(0, until - Date.now())), options.signal);
  }
}

async function conclude(
  run: Run,
  request: ProvisionRequest,
  found: Outcome<GatewayState | undefined>,
  signal: AbortSignal | undefined,
): Promise<Verified> {
  if (!found.ok) return { outcome: 'failed', problem: found.problem, message: found.problem.message, notices: [] };
  const gateway = found.value;
  const where = `${request.namespace}/${request.name}`;
  const enrolment = request.enroll ? await enrolmentNotices(run, request, signal) : [];
  if (!gateway) {
    return {
      outcome: 'gateway-missing',
      message: `Gateway ${where} is not in the cluster.`,
      advice: 'It was not applied, or it was removed.',
      notices: enrolment,
    };
  }
  if (isProgrammed(gateway)) {
    const notices = [...enrolment, ...(await podNotices(run, request, signal))];
    return {
      outcome: 'programmed',
      gateway,
      notices,
      message: `Gateway ${where} is Programmed${gateway.addresses[0] === undefined ? '' : ` at ${gateway.addresses[0]}`}.`,
    };
  }
  const missing = missingCondition(gateway);
  return {
    outcome: 'not-programmed',
    gateway,
    missing,
    advice: adviceFor(request, missing),
    notices: enrolment,
    message: `Gateway ${where} is not ready: ${inWords(missing)}`,
  };
}

function inWords({ type, status, reason, message, current }: Condition): string {
  const stale = current || status !== 'True' ? '' : ' for an earlier version of the resource';
  return `condition ${type} is ${status}${stale}${reason === '' ? '' : ` (${reason})`}${message === '' ? '.' : `: ${message}`}`;
}

function adviceFor(request: ProvisionRequest, { type, status }: Condition): string {
  if (type === 'Programmed') return `Check the waypoint's pods: ${shellQuoted(podsCommand(request))}`;
  if (status === 'Unknown')
    return 'No controller handles the Gateway: check that istiod runs and was installed with the ambient profile.';
  return 'Istio refuses the Gateway. See the reason above.';
}

async function enrolmentNotices(
  run: Run,
  request: ProvisionRequest,
  signal: AbortSignal | undefined,
): Promise<readonly Notice[]> {
  const found = await readNamespace(run, request, { signal });
  if (!found.ok)
    return [
      {
        code: 'enrolment-unknown',
        message: `Could not read whether namespace ${request.namespace} is enrolled: ${found.problem.message}`,
        advice: found.problem.advice,
      },
    ];
  const fault = enrolmentFault(request, found.value);
  if (fault === undefined) return [];
  const command = kubectl(
    { ...request, namespace: undefined },
    'label',
    `namespaces/${request.namespace}`,
    `istio.io/use-waypoint=${request.name}`,
    '--overwrite',
  );
  return [
    {
      code: 'not-enrolled',
      message: fault,
      advice: 'Until then, no traffic of that namespace goes through the waypoint.',
      command,
    },
  ];
}

function enrolmentFault({ namespace, name }: ProvisionRequest, facts: NamespaceFacts | 'missing'): string | undefined {
  if (facts === 'missing') return `Namespace ${namespace} no longer exists.`;
  const used = facts.useWaypoint;
  if (used === undefined) return `Namespace ${namespace} does not have the label istio.io/use-waypoint: ${name}.`;
  if (used !== name) return `Namespace ${namespace} uses the waypoint ${used}, not ${name}.`;
  const elsewhere = facts.useWaypointNamespace ?? namespace;
  return elsewhere === namespace
    ? undefined
    : `Namespace ${namespace} uses the waypoint ${elsewhere}/${name} (label istio.io/use-waypoint-namespace).`;
}

/** Programmed says that there is an address, not that a pod runs: it stays True when the Deployment is scaled to nothing. */
async function podNotices(
  run: Run,
  request: ProvisionRequest,
  signal: AbortSignal | undefined,
): Promise<readonly Notice[]> {
  const where = `the waypoint ${request.namespace}/${request.name}`;
  const [found, endpoints] = await Promise.all([
    getObject(run, request, deploymentNamed(request.name), { signal }),
    hasEndpoint(run, request, signal),
  ]);
  const rest = { advice: 'Requests through it fail until a pod is ready.', command: podsCommand(request) };
  if (found.ok && found.value && (numberAt(found.value, 'status', 'readyReplicas') ?? 0) === 0)
    return [{ code: 'no-ready-pod', message: `No pod of ${where} is ready.`, ...rest }];
  if (endpoints === false)
    return [{ code: 'no-ready-pod', message: `The Service of ${where} has no ready pod.`, ...rest }];
  if (found.ok || endpoints === true) return [];
  return [
    {
      code: 'pods-unknown',
      message: `Could not read whether a pod of ${where} is ready: ${found.problem.message}`,
      advice: 'The condition Programmed does not show it.',
    },
  ];
}

/** Undefined if it cannot be read, or where nothing lists the Service's endpoints. */
async function hasEndpoint(
  run: Run,
  request: ProvisionRequest,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const command = kubectl(
    request,
    'get',
    'endpointslices.discovery.k8s.io',
    `--selector=kubernetes.io/service-name=${request.name}`,
    '--output=json',
    '--request-timeout=13s',
  );
  const result = await read(run, command, { signal });
  const slices = succeeded(result) ? listAt(parseJson(result.stdout), 'items') : [];
  return slices.length === 0
    ? undefined
    : slices.some((slice) =>
        listAt(slice, 'endpoints').some((endpoint) => at(endpoint, 'conditions', 'ready') !== false),
      );
}

function podsCommand(request: ProvisionRequest): Command {
  return kubectl(request, 'get', 'pods', `--selector=gateway.networking.k8s.io/gateway-name=${request.name}`);
}
