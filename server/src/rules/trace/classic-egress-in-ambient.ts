import type { TraceRequest } from '../../eval/trace/request.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Span } from '../../base/span.ts';
import { namespaceDataPlane, namespacesJoining } from '../../mesh/clients/data-plane.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { routeKinds, type Route } from '../shared/route-targets.ts';
import { requestText, traceInputs } from './declared-traces.ts';
import { ignoredInAmbient } from './ignored-in-ambient.ts';
import { requestsOfRoute } from './requests-of-route.ts';
import { tracesOfRoute } from './traces-of-route.ts';

type Lead = AnyResource<'VirtualService' | Route['kind']>;

interface Meant {
  readonly request: TraceRequest;
  readonly gateway: EgressGateway;
  readonly at: Span;
}

export const classicEgressInAmbient = defineRule({
  id: 'classic-egress-in-ambient',
  stage: 'trace',
  summary:
    'Requests of ambient pods do not go through an egress gateway, because the route that leads there is for sidecars.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0167', 'KIA1109', 'KIA1113'],
  subjects: ['VirtualService', ...routeKinds],
  inputs: traceInputs,

  *check(lead: AnyResource<'VirtualService' | Route['kind']>, mesh): Iterable<RuleFinding<object>> {
    const first = lead.refused ? undefined : meantBy(mesh, lead);
    if (!first) return;
    const { mode } = namespaceDataPlane(mesh, lead.namespace);
    if (mode === 'ambient') yield findingOf(mesh, lead, first);
    if (mode === 'sidecar') yield* ofOtherNamespaces(mesh, lead, first);
  },
});

/** The first request that the route means for an egress gateway. */
function meantBy(mesh: Mesh, lead: Lead): Meant | undefined {
  if (lead.kind === 'VirtualService') {
    const [first] = tracesOfRoute(mesh, lead);
    return first && { ...first, at: first.match?.span ?? first.leg.span };
  }
  const [first] = requestsOfRoute(mesh, lead);
  return first && { ...first, at: lead.spec.rules[0]?.span ?? lead.at.name };
}

/** ztunnel reads no routes; a waypoint applies them to the hosts that are bound to it. server/docs/istio-semantics-classic.md §J.2, §J.3. */
function findingOf(mesh: Mesh, lead: Lead, meant: Meant): RuleFinding<object> {
  const { request, gateway, at } = meant;
  const { waypoint } = fromAmbient(mesh, request, lead.namespace);
  const what = `pods of ${lead.namespace} are in ambient mode`;
  return {
    // A waypoint in between is one hop more, and may be meant.
    ...(waypoint ? { severity: 'information' } : {}),
    at,
    message: waypoint
      ? `Waypoint ${waypoint.namespace}/${waypoint.name} sends ${requestText(request)} on to ${nameOf(gateway)}: it applies this rule, which is for sidecars, and ${what}.`
      : `${requestText(request)} goes direct, past ${nameOf(gateway)} and its policies: ${what}, and ztunnel does not use ${lead.written.kind}s.`,
    related: ignoredInAmbient(mesh, lead, gateway),
    data: {},
  };
}

/** More namespaces are alike as a rule. */
const mostNamespaces = 20;

/** Clients of one host with sidecars and without: only the former go through the gateway. */
function* ofOtherNamespaces(mesh: Mesh, lead: Lead, { request, gateway, at }: Meant): Iterable<RuleFinding<object>> {
  const others = namespacesJoining(mesh, 'ambient').slice(0, mostNamespaces);
  const direct = others.find((namespace) => {
    if (!reaches(mesh, lead, request, namespace)) return false;
    const found = fromAmbient(mesh, request, namespace);
    return !found.waypoint && (found.verdict === 'allowed' || found.verdict === 'bypasses');
  });
  if (direct === undefined) return;
  yield {
    at,
    severity: 'information',
    message: `${requestText(request)} from ambient namespaces, such as ${direct}, goes direct, past ${nameOf(gateway)} and its policies: ztunnel does not use ${lead.written.kind}s.`,
    related: ignoredInAmbient(mesh, lead, gateway),
    data: {},
  };
}

/** Whether the route would be for clients of that namespace too. §I.7. */
function reaches(mesh: Mesh, lead: Lead, { host }: TraceRequest, namespace: string): boolean {
  if (lead.kind === 'VirtualService') return isExportedTo(mesh, lead, namespace);
  return mesh.hostOwners(host).some(({ resource }) => resource.namespace === lead.namespace);
}

function fromAmbient(mesh: Mesh, request: TraceRequest, namespace: string): ReturnType<typeof trace> {
  const from = { ...request.from, namespace, labels: new Map<string, string>() };
  return trace(mesh, { ...request, from }, { skip: [authorization] });
}

function nameOf({ namespace, name }: EgressGateway): string {
  return `egress gateway ${namespace}/${name}`;
}
