import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import { trace } from '../../eval/trace/trace.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { unknownService } from '../../eval/trace/hidden-entry.ts';
import { redirectionOf } from '../../mesh/clients/redirection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { patternsFor } from '../../names/hosts.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { namespaceInjection } from '../../model/label-names.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { routeKinds, type Route } from '../shared/route-targets.ts';
import { requestText, traceInputs } from './declared-traces.ts';
import { requestsOfRoute } from './requests-of-route.ts';
import { isOutside, tracesOfRoute, type RouteTrace } from './traces-of-route.ts';

interface Data {
  /** Whose pods get no sidecar. */
  readonly namespace: string | undefined;
}

export const requestSkipsGateway = defineRule({
  id: 'request-skips-gateway',
  stage: 'trace',
  summary: 'Requests leave the mesh without the egress gateway to which a route sends them.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0102'],
  subjects: ['VirtualService', ...routeKinds],
  inputs: traceInputs,

  *check(service: AnyResource<'VirtualService' | Route['kind']>, mesh, isReported): Iterable<RuleFinding<Data>> {
    if (service.refused) return;
    if (isOutside(mesh, service.namespace)) yield* withoutSidecars(mesh, service);
    if (service.kind !== 'VirtualService') {
      yield* skippedRoutes(mesh, service);
      return;
    }
    if (isReported(service, ['route-kind-mismatch', 'virtual-service-shadowed'])) return;
    const told = new Set<number>();
    for (const one of tracesOfRoute(mesh, service)) {
      if (one.client === 'ambient' || one.client === 'outside' || !skips(one)) continue;
      const at = one.match?.span ?? one.leg.span;
      if (told.has(at.start)) continue;
      told.add(at.start);
      yield findingOf(mesh, service, one);
    }
  },

  *fixes({ namespace }, _, mesh) {
    const [home] = namespace === undefined ? [] : mesh.named('Namespace', '', namespace);
    if (home)
      yield {
        title: `Inject sidecars into pods of ${home.name}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: home, path: ['metadata', 'labels', namespaceInjection], value: 'enabled' }],
      };
  },
});

/** No file gives sidecars to anything, and the Namespace of the route is there. server/docs/istio-semantics-classic.md §A.2, §L.57. */
function* withoutSidecars(
  mesh: Mesh,
  route: AnyResource<'VirtualService' | Route['kind']>,
): Iterable<RuleFinding<Data>> {
  const { namespace } = route;
  const found = route.kind === 'VirtualService' ? tracesOfRoute(mesh, route)[0] : requestsOfRoute(mesh, route)[0];
  const [home] = mesh.named('Namespace', '', namespace);
  if (!found || !home) return;
  const { request, gateway } = found;
  const setting = home.labels.get(namespaceInjection);
  yield {
    at: route.at.name,
    severity: 'information',
    message: `Requests to ${request.host} from namespace ${namespace} skip egress gateway ${gateway.namespace}/${gateway.name}, unless their pods have sidecars: the Namespace ${setting ? `has the label ${namespaceInjection}: ${setting.value}` : 'does not ask for injection'}.`,
    related: [{ resource: home, at: setting?.span ?? home.at.name, message: `Pods of ${namespace} get no sidecar.` }],
    data: { namespace },
  };
}

/** Once for a route of the Gateway API: at its parent, whose requests it is for. */
function* skippedRoutes(mesh: Mesh, route: Route): Iterable<RuleFinding<Data>> {
  const { mode } = namespaceDataPlane(mesh, route.namespace);
  if (mode !== 'sidecar' && mode !== 'unknown') return;
  for (const { request, gateway } of requestsOfRoute(mesh, route)) {
    const found = trace(mesh, request, { skip: [authorization] });
    const { text, evidence } = unknownService(mesh, request, request.host);
    if (evidence.length === 0 || !skips({ trace: found })) continue;
    const condition = mode === 'unknown' ? `, if pods of ${route.namespace} have sidecars, which no file shows` : '';
    const finding = {
      at: route.spec.parentRefs[0]?.name?.span ?? route.at.name,
      message: `${requestText(request)} skips egress gateway ${gateway.namespace}/${gateway.name}: ${text}, and lets traffic to unknown hosts out directly${condition}.`,
      related: evidence.map(({ resource, span }) => ({
        resource,
        at: span,
        message: `${describe(resource)} decides that.`,
      })),
      data: { namespace: undefined },
    };
    yield mode === 'unknown' ? { ...finding, severity: 'information' } : finding;
    return;
  }
}

/** The sidecar does not apply the rule, and lets the request out. */
function skips({ trace: found }: Pick<RouteTrace, 'trace'>): boolean {
  const { verdict, cause, gateway, candidates, steps } = found;
  // Of a pod that its own manifest leaves out, `pod-bypasses-sidecar` speaks.
  const isOfPod = steps.some(
    ({ stage, outcome, evidence }) => stage === 'capture' && outcome === 'no' && evidence.length > 0,
  );
  if (gateway || isOfPod || candidates.length > 0 || steps.some(({ stage }) => stage === 'route')) return false;
  const isUnknown = steps.some(({ stage, outcome }) => stage === 'service' && outcome === 'no');
  return (
    verdict === 'allowed' || verdict === 'bypasses' || (verdict === 'fails' && isUnknown && cause !== 'registry-only')
  );
}

function findingOf(mesh: Mesh, service: Resource<'VirtualService'>, one: RouteTrace): RuleFinding<Data> {
  const { request, gateway, match, leg, client } = one;
  const start = `${requestText(request)} skips egress gateway ${gateway.namespace}/${gateway.name}: ${reasonOf(mesh, one)}`;
  const entries = entriesOf(mesh, request.host);
  const hiding = unknownService(mesh, request, request.host).evidence.filter(
    ({ resource }) => resource.kind !== 'ServiceEntry',
  );
  const finding = {
    at: match?.span ?? leg.span,
    message: `${start}${client === 'assumed' ? `, if pods of ${service.namespace} have sidecars, which no file shows` : ''}.`,
    related: [
      ...relatedTo(entries, (name) => `${name} has the host.`),
      ...hiding.map(({ resource, span }) => ({ resource, at: span, message: 'This is what the sidecar imports.' })),
    ],
    data: { namespace: undefined },
  };
  return client === 'assumed' ? { ...finding, severity: 'information' } : finding;
}

/** What the sidecar lacks to apply the rule. */
function reasonOf(mesh: Mesh, { request, kind, trace }: RouteTrace): string {
  const redirection = redirectionOf(mesh, undefined, request);
  if (redirection.state === 'left-out' && redirection.by)
    return `sidecars do not take the connection, because ${redirection.by.name} of the mesh is ${redirection.by.value}`;
  const entries = entriesOf(mesh, request.host);
  const ports = [...new Set(entries.flatMap(({ spec }) => spec.ports.map(({ number }) => number?.value ?? 0)))];
  if (!ports.includes(request.port) && (kind !== 'http' || request.port !== 80))
    return `clients call it on port ${ports.join(' or ')}, and this rule is only for port ${request.port}`;
  const isUnseen = trace.steps.some(({ stage, outcome }) => stage === 'service' && outcome === 'no');
  if (!isUnseen) return 'the sidecar applies another route, or none';
  const { text, evidence } = unknownService(mesh, request, request.host);
  const [entry] = entries;
  return evidence.length > 0
    ? `${text}, and lets traffic to unknown hosts out directly`
    : `the sidecar does not see ${entry ? describe(entry) : request.host}, and sends traffic to unknown hosts out directly`;
}

function entriesOf(mesh: Mesh, host: string): readonly Resource<'ServiceEntry'>[] {
  const owners = patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern).map(({ resource }) => resource));
  return owners.filter((owner) => owner.kind === 'ServiceEntry');
}
