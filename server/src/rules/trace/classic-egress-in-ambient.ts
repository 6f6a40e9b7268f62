import { authorization } from '../../eval/trace/stages/authorization.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { gatewayNamed } from '../../mesh/routes/gateway-servers.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { requestText, traceInputs } from './declared-traces.ts';
import { tracesOfRoute, type RouteTrace } from './traces-of-route.ts';

type Service = Resource<'VirtualService'>;

export const classicEgressInAmbient = defineRule({
  id: 'classic-egress-in-ambient',
  stage: 'trace',
  summary:
    'Requests of ambient pods do not go through an egress gateway, because the VirtualService that leads there is for sidecars.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0167', 'KIA1109', 'KIA1113'],
  subjects: ['VirtualService'],
  inputs: traceInputs,

  *check(service, mesh): Iterable<RuleFinding<object>> {
    if (service.refused) return;
    const [first] = tracesOfRoute(mesh, service).filter(({ client }) => client === 'ambient');
    if (first) yield findingOf(mesh, service, first);
  },
});

/** ztunnel reads no VirtualService; a waypoint applies it to the hosts that are bound to it. server/docs/istio-semantics-classic.md §J.2, §J.3. */
function findingOf(mesh: Mesh, service: Service, { request, gateway, leg, match }: RouteTrace): RuleFinding<object> {
  const client = { ...request.from, labels: new Map() };
  const { waypoint } = trace(mesh, { ...request, from: client }, { skip: [authorization] });
  const where = `egress gateway ${gateway.namespace}/${gateway.name}`;
  const what = `pods of ${service.namespace} are in ambient mode`;
  return {
    // A waypoint in between is one hop more, and may be meant.
    ...(waypoint ? { severity: 'information' } : {}),
    at: match?.span ?? leg.span,
    message: waypoint
      ? `Waypoint ${waypoint.namespace}/${waypoint.name} sends ${requestText(request)} on to ${where}: it applies this rule, which is for sidecars, and ${what}.`
      : `${requestText(request)} goes direct, past ${where} and its policies: ${what}, and ztunnel does not use VirtualServices.`,
    related: ignored(mesh, service),
    data: {},
  };
}

/** What has no effect for these pods either. */
function ignored(mesh: Mesh, service: Service): readonly Related[] {
  const gateways = service.spec.gateways.flatMap(({ value }) => {
    const named = gatewayNamed(value, service.namespace);
    return value === 'mesh' ? [] : mesh.named('IstioGateway', named.namespace, named.name);
  });
  const sidecars = mesh.inNamespace('Sidecar', service.namespace);
  return [
    ...gateways.map((one) => ({
      resource: one,
      at: one.at.name,
      message: `Ambient pods do not go to ${describe(one)}.`,
    })),
    ...sidecars.map((one) => ({ resource: one, at: one.at.name, message: `Ambient pods ignore ${describe(one)}.` })),
  ];
}
