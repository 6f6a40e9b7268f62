import { keptFor } from '../../base/kept-for.ts';
import { actionOf, hasHttpConditions, isHttpOnly } from '../../eval/authz/evaluate.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { listeningServers } from '../../mesh/clients/gateways-of-pods.ts';
import { seesOnlyConnections } from '../../mesh/routes/gateway-servers.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { gatewaysEnforcing, nameOfGateway } from './gateways-of-policy.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { httpFieldRepairs } from './http-field-repairs.ts';
import { isForPort, isTcpChain, portsUnder, reachOf, type Reach } from './reach.ts';
import { bindingInputs } from '../shared/inputs.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const policyHttpFieldsOnTcp = defineRule({
  id: 'policy-http-fields-on-tcp',
  stage: 'authorization',
  summary:
    'A policy with HTTP fields allows nothing or denies too much on a port for which the waypoint or gateway sees only connections.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, 'IstioGateway', 'VirtualService', 'Pod', 'Workload'],

  *check(policy, mesh) {
    const reach = reachOf(mesh, policy);
    for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
      const entries = hasHttpConditions(rule) ? met(policy, rule, reach) : [];
      const [entry] = entries;
      if (!entry) continue;
      const port = portsUnder(rule, entry).find(isTcpChain)!;
      yield {
        at: [...rule.to, ...rule.when][0]?.span ?? rule.span,
        // istio@86c9f01 pilot/pkg/security/authz/model/model.go Generate (forTCP).
        message: `This rule ${actionOf(policy) === 'ALLOW' ? 'allows nothing' : 'matches without its HTTP conditions'} on port ${port.number!.value} of ${describe(entry)}: the waypoint sees no HTTP in ${port.protocol!.value}.`,
        related: relatedTo(entries, (name) => `The waypoint sees only connections of ${name}.`),
        data: { index },
      };
    }
    yield* atGateways(mesh, policy);
  },

  fixes: ({ index }, policy, mesh) => httpFieldRepairs(policy, index, reachOf(mesh, policy).entries),
});

/** A gateway that passes TLS on, or takes plain TCP, sees no requests. server/docs/istio-semantics-classic.md §H.11. */
function* atGateways(mesh: Mesh, policy: Policy): Iterable<RuleFinding<{ index: number }>> {
  const gateways = gatewaysEnforcing(mesh, policy);
  const servers = gateways.flatMap(listeningServers);
  const [gateway] = gateways;
  if (!gateway) return;
  for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
    const met = hasHttpConditions(rule) ? servers.filter(({ listening }) => isForPort(rule, listening)) : [];
    const blind = met.filter(({ server }) => seesOnlyConnections(server));
    const [first] = blind;
    const effect = effectOn(policy, rule, blind.length === met.length);
    if (!first || effect === undefined) continue;
    yield {
      at: [...rule.to, ...rule.when][0]?.span ?? rule.span,
      message: `This rule ${effect} on port ${first.written} of ${nameOfGateway(gateway)}: its server there (${first.server.protocol?.value ?? 'TCP'}) sees no HTTP.`,
      related: blind.map(({ gateway: of, server }) => ({
        resource: of,
        at: server.protocol?.span ?? server.span,
        message: 'This server sees only connections.',
      })),
      data: { index },
    };
  }
}

/** Undefined where nothing goes wrong: an ALLOW rule that no connection meets, beside servers that see requests. */
function effectOn(policy: Policy, rule: AuthorizationRule, areAllBlind: boolean): string | undefined {
  if (actionOf(policy) === 'ALLOW') return areAllBlind ? 'allows nothing' : undefined;
  if (actionOf(policy) !== 'DENY') return undefined;
  return isHttpOnly(rule) ? 'denies every connection' : 'matches without its HTTP conditions';
}

/** Thousands of policies can be for the entries of one waypoint, few of which have such ports. */
const withTcp = keptFor((entries: readonly Resource<'ServiceEntry'>[]) =>
  entries.filter(({ spec }) => spec.ports.some(isTcpChain)),
);

/** DENY rules deny more on any such port; ALLOW rules matter only if all ports are such ports. */
function met(
  policy: Policy,
  rule: AuthorizationRule,
  { entries, complete }: Reach,
): readonly Resource<'ServiceEntry'>[] {
  const ports = (entry: Resource<'ServiceEntry'>) => portsUnder(rule, entry);
  const onTcp = withTcp(entries).filter((entry) => ports(entry).some(isTcpChain));
  if (actionOf(policy) === 'DENY') return onTcp;
  if (actionOf(policy) !== 'ALLOW' || !complete) return [];
  return entries.every((entry) => ports(entry).every(isTcpChain)) ? onTcp : [];
}
