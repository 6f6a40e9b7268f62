// The pods behind the name of a gateway. A Gateway of the Gateway API labels its pods; a classic gateway is known as Istio's Gateway,
// whose selector finds them, or as its Service or Deployment.
import type { Run } from '../tools/command.ts';
import type { LiveObject } from '../objects/live-object.ts';
import { gatewayLabel, listPods, type PodSummary } from '../objects/pods.ts';
import { at, stringAt } from '../tools/parse-json.ts';
import type { Outcome } from '../tools/problem.ts';
import type { Limits, Target } from '../tools/target.ts';
import { isRecord } from '../../base/is-record.ts';

export interface GatewayPods {
  /** `Gateway egress/out`. */
  readonly source: string;
  readonly pods: readonly PodSummary[];
}

interface Way {
  readonly source: string;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly selector?: string;
  readonly fits: (pod: PodSummary) => boolean;
}

export interface GatewayName extends Target {
  readonly name: string;
  /** Of the cluster, as far as they were read; they tell what else the name can be. */
  readonly objects?: readonly LiveObject[] | undefined;
}

/** The pods of the first object of this name that has some with a proxy of Istio. The names must be checked. */
export async function findGatewayPods(
  run: Run,
  { objects = [], ...request }: GatewayName,
  limits: Limits,
): Promise<Outcome<GatewayPods>> {
  const ways = [apiGateway(request), ...waysIn(objects, request)];
  for (const { source, namespace, selector, fits } of ways) {
    const found = await listPods(run, { ...request, namespace }, limits, selector);
    if (!found.ok) return found;
    const pods = found.value.filter(fits);
    if (pods.length > 0) return { ok: true, value: { source, pods } };
  }
  return { ok: true, value: { source: ways.at(-1)!.source, pods: [] } };
}

function apiGateway({ namespace, name }: GatewayName): Way {
  return { source: `Gateway ${namespace}/${name}`, namespace, selector: `${gatewayLabel}=${name}`, fits: () => true };
}

function waysIn(objects: readonly LiveObject[], { namespace, name }: GatewayName): readonly Way[] {
  const named = objects.filter((object) => object.namespace === namespace && object.name === name);
  return (['IstioGateway', 'Service', 'Workload'] as const).flatMap((kind) =>
    named.filter((object) => object.kind === kind).flatMap((object) => wayOf(object) ?? []),
  );
}

/** istio@86c9f01 pilot/pkg/model/push_context.go initGateways: a Gateway selects pods of all namespaces. */
function wayOf({ kind, namespace, name, object }: LiveObject): Way | undefined {
  const written = stringAt(object, 'kind') ?? kind;
  const source = `${written} ${namespace}/${name}`;
  if (kind === 'Workload')
    return { source, namespace, fits: (pod) => runsProxy(pod) && pod.owner === `${written} ${name}` };
  const selector = selectorOf(at(object, 'spec', 'selector'));
  if (selector === undefined) return undefined;
  return { source, namespace: kind === 'IstioGateway' ? undefined : namespace, selector, fits: runsProxy };
}

function runsProxy({ inMesh }: PodSummary): boolean {
  return inMesh === 'sidecar';
}

/** As kubectl takes it; undefined for one that selects everything, or that no label can meet. */
function selectorOf(labels: unknown): string | undefined {
  const pairs = isRecord(labels) ? Object.entries(labels) : [];
  const isValid = pairs.every(
    ([key, value]) => /^[\w./-]+$/.test(key) && typeof value === 'string' && /^[\w.-]*$/.test(value),
  );
  return pairs.length > 0 && isValid ? pairs.map(([key, value]) => `${key}=${String(value)}`).join(',') : undefined;
}
