import { couldBe, namespaceDataPlane, workloadDataPlane, type Workload } from '../../mesh/clients/data-plane.ts';
import { isGatewayPod } from '../../mesh/clients/gateway-pods.ts';
import { beforeSidecar } from '../../mesh/clients/init-containers.ts';
import { redirectionOf, type Redirection } from '../../mesh/clients/redirection.ts';
import { outboundPolicy } from '../../mesh/clients/sidecar-scope.ts';
import { textLabels } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import type { Span } from '../../base/span.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { metadataOf } from '../shared/pod-metadata.ts';
import { routeKinds, type Route } from '../shared/route-targets.ts';
import { traceInputs } from '../trace/declared-traces.ts';
import { requestsOfRoute, type MeantRequest } from '../trace/requests-of-route.ts';
import { tracesOfRoute } from '../trace/traces-of-route.ts';

interface Data {
  /** The annotation that leaves the connections out. */
  readonly annotation: string | undefined;
}

export const podBypassesSidecar = defineRule({
  id: 'pod-bypasses-sidecar',
  stage: 'leak',
  summary:
    'Connections of a pod skip its sidecar, and with it the egress gateway to which its namespace sends them, or REGISTRY_ONLY.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0144'],
  subjects: ['Pod', 'Workload'],
  inputs: traceInputs,

  *check(workload: AnyResource<'Pod' | 'Workload'>, mesh): Iterable<RuleFinding<Data>> {
    if (namespaceDataPlane(mesh, workload.namespace).mode !== 'sidecar') return;
    const guarded = requestsToGateways(mesh, workload.namespace);
    const [first] = guarded;
    if (!first) yield* pastRegistryOnly(mesh, workload);
    else if (!couldBe(workloadDataPlane(mesh, workload), 'sidecar')) yield* withoutSidecar(mesh, workload, first);
    else {
      yield* leftOut(mesh, workload, guarded);
      yield* ofInitContainers(workload, first);
    }
  },

  *fixes({ annotation }, workload) {
    if (annotation === undefined) return;
    yield {
      title: 'Remove the annotation',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: workload, path: [...metadataOf(workload), 'annotations', annotation] }],
    };
  },
});

/** Requests that clients of the namespace send through an egress gateway. */
function requestsToGateways(mesh: Mesh, namespace: string): readonly MeantRequest[] {
  const services = mesh.inNamespace('VirtualService', namespace);
  const routes = routeKinds.flatMap((kind): readonly Route[] => mesh.inNamespace(kind, namespace));
  return [
    ...services.flatMap((one) => (one.refused ? [] : tracesOfRoute(mesh, one))),
    ...routes.flatMap((one) => (one.refused ? [] : requestsOfRoute(mesh, one))),
  ];
}

/** REGISTRY_ONLY is the sidecar's. server/docs/istio-semantics-classic.md §A.11. */
function* pastRegistryOnly(mesh: Mesh, workload: Workload): Iterable<RuleFinding<Data>> {
  const found = redirectionOf(mesh, workload, { host: anyHost, port: 443 });
  const place = placeOf(workload, found);
  if (found.state !== 'left-out' || !place || !couldBe(workloadDataPlane(mesh, workload), 'sidecar')) return;
  const policy = outboundPolicy(mesh, workload.namespace, textLabels(workload.spec.labels));
  if (policy.state !== 'known' || policy.mode !== 'REGISTRY_ONLY') return;
  yield {
    at: place,
    message: `${describe(workload)} can call every public host by https, although its sidecar blocks what the mesh does not know (REGISTRY_ONLY): ${reasonOf(found)}.`,
    data: { annotation: found.by?.name },
  };
}

/** A name with a public address stands for all of them. */
const anyHost = 'www.example.com';

function* leftOut(mesh: Mesh, workload: Workload, guarded: readonly MeantRequest[]): Iterable<RuleFinding<Data>> {
  for (const { request, gateway } of guarded) {
    const found = redirectionOf(mesh, workload, request);
    const place = placeOf(workload, found);
    if (found.state !== 'left-out' || !place) continue;
    const message = `Connections to ${request.host}:${request.port} skip egress gateway ${gateway.namespace}/${gateway.name} and its policies: ${reasonOf(found)}.`;
    const finding = { at: place, message, data: { annotation: found.by?.name } };
    yield found.isAssumed ? { ...finding, severity: 'information' } : finding;
    return;
  }
}

type LeftOut = Extract<Redirection, { state: 'left-out' }>;

/** Undefined where the mesh's values decide: `request-skips-gateway` reports it once. */
function placeOf({ spec }: Workload, found: Redirection): Span | undefined {
  if (found.state !== 'left-out') return undefined;
  return found.because === 'proxy-user' ? spec.proxyUser : found.by.at?.span;
}

function reasonOf(found: LeftOut): string {
  if (found.because === 'proxy-user') return 'the pod runs as user or group 1337, which is that of the sidecar';
  if (found.because === 'no-interception') return 'with this annotation no connection goes to the sidecar';
  return found.because === 'range-not-included'
    ? 'the sidecar takes only the ranges of this annotation'
    : 'this annotation leaves them out';
}

function* ofInitContainers(workload: Workload, { gateway }: MeantRequest): Iterable<RuleFinding<Data>> {
  const found = beforeSidecar(workload);
  if (!found) return;
  const { containers, isSure } = found;
  const [first] = containers;
  const unless = isSure ? '' : ', unless the sidecar is a native one that starts before it';
  yield {
    at: first.span,
    message: `Connections of init container ${first.value} skip egress gateway ${gateway.namespace}/${gateway.name}${unless}.`,
    severity: 'information',
    data: { annotation: undefined },
  };
}

/** Pods of a namespace with sidecars that have none themselves; it may be intended. */
function* withoutSidecar(
  mesh: Mesh,
  workload: Workload,
  { request, gateway }: MeantRequest,
): Iterable<RuleFinding<Data>> {
  const plane = workloadDataPlane(mesh, workload);
  if (plane.mode !== 'none' || isGatewayPod(mesh, workload)) return;
  const why = plane.because === 'host-network' ? 'it uses the network of the node' : 'nothing injects one';
  yield {
    at: plane.at?.resource === workload ? plane.at.span : workload.at.name,
    message: `${describe(workload)} has no sidecar, as ${why}: its connections to ${request.host} skip egress gateway ${gateway.namespace}/${gateway.name}.`,
    severity: 'information',
    data: { annotation: undefined },
  };
}
