import { describe, type Resource } from '../../model/resource.ts';
import { redirectionOf } from '../../mesh/clients/redirection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { patternsFor } from '../../names/hosts.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { requestText, traceInputs } from './declared-traces.ts';
import { tracesOfRoute, type RouteTrace } from './traces-of-route.ts';

export const requestSkipsGateway = defineRule({
  id: 'request-skips-gateway',
  stage: 'trace',
  summary: 'Requests leave the mesh without the egress gateway to which a VirtualService sends them.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService'],
  inputs: traceInputs,

  *check(service, mesh, isReported): Iterable<RuleFinding<object>> {
    if (service.refused || isReported(service, ['route-kind-mismatch', 'virtual-service-shadowed'])) return;
    const told = new Set<number>();
    for (const one of tracesOfRoute(mesh, service)) {
      if (one.client === 'ambient' || !skips(one)) continue;
      const at = one.match?.span ?? one.leg.span;
      if (told.has(at.start)) continue;
      told.add(at.start);
      yield findingOf(mesh, service, one);
    }
  },
});

/** The sidecar does not apply the rule, and lets the request out. */
function skips({ trace }: RouteTrace): boolean {
  const { verdict, cause, gateway, candidates, steps } = trace;
  // Of a pod that its own manifest leaves out, `pod-bypasses-sidecar` speaks.
  const isOfPod = steps.some(
    ({ stage, outcome, evidence }) => stage === 'capture' && outcome === 'no' && evidence.length > 0,
  );
  if (gateway || isOfPod || candidates.length > 0 || steps.some(({ stage }) => stage === 'route')) return false;
  const isUnknown = steps.some(({ stage, outcome }) => stage === 'service' && outcome === 'no');
  return verdict === 'allowed' || (verdict === 'fails' && isUnknown && cause !== 'registry-only');
}

function findingOf(mesh: Mesh, service: Resource<'VirtualService'>, one: RouteTrace): RuleFinding<object> {
  const { request, gateway, match, leg, client } = one;
  const start = `${requestText(request)} skips egress gateway ${gateway.namespace}/${gateway.name}: ${reasonOf(mesh, one)}`;
  const entries = entriesOf(mesh, request.host);
  const finding = {
    at: match?.span ?? leg.span,
    message: `${start}${client === 'assumed' ? `, if pods of ${service.namespace} have sidecars, which no file shows` : ''}.`,
    related: relatedTo(entries, (name) => `${name} has the host.`),
    data: {},
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
  const [entry] = entries;
  return `the sidecar does not see ${entry ? describe(entry) : request.host}, and sends traffic to unknown hosts out directly`;
}

function entriesOf(mesh: Mesh, host: string): readonly Resource<'ServiceEntry'>[] {
  const owners = patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern).map(({ resource }) => resource));
  return owners.filter((owner) => owner.kind === 'ServiceEntry');
}
