// The state of the cluster before a waypoint is provisioned. Only reads; a server-side dry run changes nothing either.
// If the user has no permission to read something, it is `unknown`.
import { dataplaneMode } from '../../model/label-names.ts';
import { succeeded, type Run } from '../tools/command.ts';
import { readControlPlane } from '../objects/control-plane.ts';
import { deploymentNamed, gatewayNamed, gatewayOf, labelsOf, type GatewayState } from '../objects/live-gateway.ts';
import { at, parseJson, sameJson } from '../tools/parse-json.ts';
import { problemOf, type Outcome, type Problem } from '../tools/problem.ts';
import type { ProvisionRequest } from './provision-request.ts';
import { getObject, getObjects, kubectl, read, type Limits, type ObjectName } from '../tools/target.ts';
import { readIstioctlVersion } from '../tools/tool-version.ts';

type Reading = Outcome<object | undefined>;

export interface NamespaceFacts {
  readonly ambient: boolean;
  /** The waypoint it uses now; what an undo has to bring back. */
  readonly useWaypoint: string | undefined;
  readonly useWaypointNamespace: string | undefined;
}

/** An object of the waypoint's name: `own` was made by Istio for a Gateway, `foreign` by someone else. */
type Occupant = 'none' | 'own' | 'foreign' | 'unknown';

export interface ProvisionFacts {
  readonly namespace: NamespaceFacts | 'missing';
  readonly gateway: GatewayState | 'none' | 'unknown';
  readonly service: Occupant;
  readonly deployment: Occupant;
  readonly gatewayClass: 'present' | 'missing' | 'unknown';
  /** What the dry run says that applying would do to the Gateway. */
  readonly effect: 'creates' | 'changes' | 'unchanged' | 'refused' | 'unknown';
  /** Whether the namespace may be labelled; authoredParts only where that was wished. */
  readonly mayLabel: 'yes' | 'no' | 'unknown';
  /** Why the dry run was refused. */
  readonly refusal: Problem | undefined;
  /** Whether the cluster lacks the Kubernetes Gateway API altogether. */
  readonly gatewayApi: 'present' | 'missing' | 'unknown';
  /** As written; undefined if unknown. */
  readonly versions: { readonly istioctl: string | undefined; readonly controlPlane: string | undefined };
  /** What could not be read, and why. */
  readonly unread: readonly { readonly what: string; readonly problem: Problem }[];
}

const ownClass: ObjectName = {
  resource: 'gatewayclasses.gateway.networking.k8s.io',
  kind: 'GatewayClass',
  name: 'istio-waypoint',
};
export const useWaypointLabel = 'istio.io/use-waypoint';

export async function readNamespace(
  run: Run,
  request: ProvisionRequest,
  limits: Limits,
): Promise<Outcome<NamespaceFacts | 'missing'>> {
  const found = await getObject(
    run,
    request,
    { resource: 'namespaces', kind: 'Namespace', name: request.namespace },
    limits,
  );
  if (!found.ok) return found;
  if (!found.value) return { ok: true, value: 'missing' };
  const labels = labelsOf(found.value);
  return {
    ok: true,
    value: {
      ambient: labels.get(dataplaneMode) === 'ambient',
      // An empty value enrols nothing: istio@86c9f01 istioctl/pkg/waypoint/waypoint.go namespaceHasLabel
      useWaypoint: labels.get(useWaypointLabel) || undefined,
      useWaypointNamespace: labels.get('istio.io/use-waypoint-namespace') || undefined,
    },
  };
}

/** The Gateway as a whole, which facts only sum up: what an undo goes back to, and what it must still find. */
export interface GatewayObjects {
  readonly before: object | undefined;
  /** As the dry run gave it; undefined if that failed. */
  readonly planned: object | undefined;
}

/** Reads everything about the place but the namespace, which is given. `gatewayText` is what would be applied. */
export async function readFacts(
  run: Run,
  request: ProvisionRequest,
  namespace: NamespaceFacts | 'missing',
  gatewayText: string,
  limits: Limits,
): Promise<{ readonly facts: ProvisionFacts; readonly objects: GatewayObjects }> {
  const [objects, dryRun, mayLabel, istioctl, controlPlane] = await Promise.all([
    getObjects(
      run,
      request,
      [
        gatewayNamed(request.name),
        { resource: 'services', kind: 'Service', name: request.name },
        deploymentNamed(request.name),
        ownClass,
      ],
      limits,
    ),
    namespace === 'missing' ? undefined : applyDry(run, request, gatewayText, limits),
    request.enroll && namespace !== 'missing' ? askMayLabel(run, request, limits) : ('unknown' as const),
    readIstioctlVersion(run, request, limits),
    readControlPlane(run, request, limits),
  ]);
  const [gateway, service, deployment, gatewayClass] = objects as readonly [Reading, Reading, Reading, Reading];
  const readings: readonly (readonly [string, Reading])[] = [
    ['the Gateway of this name', gateway],
    ['the Service of this name', service],
    ['the Deployment of this name', deployment],
    ['the GatewayClass', gatewayClass],
  ];
  const found: GatewayObjects = {
    before: gateway.ok ? gateway.value : undefined,
    planned: dryRun?.ok ? dryRun.value : undefined,
  };
  const apiMissing = [gateway, gatewayClass].some((found) => !found.ok && found.problem.kind === 'missing-crd');
  const facts: ProvisionFacts = {
    namespace,
    gateway: known(gateway, (value) => (value ? gatewayOf(value) : 'none')),
    service: occupant(service),
    deployment: occupant(deployment),
    gatewayClass: known(gatewayClass, (value) => (value ? 'present' : 'missing')),
    gatewayApi: apiMissing ? 'missing' : known(gateway, () => 'present'),
    effect: effectOf(gateway, dryRun),
    mayLabel,
    versions: { istioctl, controlPlane: controlPlane.version },
    refusal: dryRun && !dryRun.ok ? dryRun.problem : undefined,
    unread: readings.flatMap(([what, reading]) =>
      reading.ok || reading.problem.kind === 'missing-crd' ? [] : [{ what, problem: reading.problem }],
    ),
  };
  return { facts, objects: found };
}

function known<T>(reading: Reading, meaning: (value: object | undefined) => T): T | 'unknown' {
  return reading.ok ? meaning(reading.value) : 'unknown';
}

/** A dry run in the cluster: it does the same as for `istioctl waypoint apply`, with checks and webhooks, and stores nothing. */
async function applyDry(
  run: Run,
  request: ProvisionRequest,
  gatewayText: string,
  limits: Limits,
): Promise<Outcome<object>> {
  // The field manager is istioctl's own: istio@86c9f01 istioctl/pkg/waypoint/waypoint.go waypointApplyCmd
  const command = kubectl(
    request,
    'apply',
    '--server-side',
    '--dry-run=server',
    '--field-manager=istioctl',
    '--filename=-',
    '--output=json',
  );
  const result = await read(run, command, limits, gatewayText);
  const value = succeeded(result) ? parseJson(result.stdout) : undefined;
  if (typeof value === 'object' && value !== null) return { ok: true, value };
  return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
}

async function askMayLabel(run: Run, request: ProvisionRequest, limits: Limits): Promise<'yes' | 'no' | 'unknown'> {
  // istioctl writes the label with an update of the Namespace: istio@86c9f01 istioctl/pkg/waypoint/waypoint.go labelNamespaceWithWaypoint
  const result = await read(
    run,
    kubectl(request, 'auth', 'can-i', 'update', `namespaces/${request.namespace}`),
    limits,
  );
  const answer = /^(yes|no)\b/m.exec(result.stdout)?.[1];
  return answer === 'yes' || answer === 'no' ? answer : 'unknown';
}

function occupant(found: Reading): Occupant {
  if (!found.ok) return 'unknown';
  if (!found.value) return 'none';
  // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go canManage: the label's presence decides
  return labelsOf(found.value).has('gateway.istio.io/managed') ? 'own' : 'foreign';
}

function effectOf(before: Reading, after: Outcome<object> | undefined): ProvisionFacts['effect'] {
  if (!after || !before.ok) return 'unknown';
  if (!after.ok) return 'refused';
  if (!before.value) return 'creates';
  return sameJson(authoredParts(before.value), authoredParts(after.value)) ? 'unchanged' : 'changes';
}

/** The parts of a Gateway that its author decides. */
export function authoredParts(object: object): unknown {
  return [at(object, 'spec'), at(object, 'metadata', 'labels') ?? {}];
}
