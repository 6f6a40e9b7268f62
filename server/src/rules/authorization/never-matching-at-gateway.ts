// Values of a policy that no connection of an egress gateway can have, and why. server/docs/istio-semantics-classic.md §H.13, §H.14.
import { listeningServers } from '../../mesh/clients/gateways-of-pods.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { serverKind } from '../../mesh/routes/gateway-servers.ts';
import type { Field } from '../../model/field.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import type { NeverMatching } from './never-matching-values.ts';
import { nameOfGateway } from './gateways-of-policy.ts';

type Listening = ReturnType<typeof listeningServers>[number];

export interface NeverAtGateway extends NeverMatching {
  /** Whether a file shows where the gateway listens. */
  readonly isCertain: boolean;
}

/** Nothing where one of the gateways has it. */
export function neverMatchingAt(
  gateways: readonly EgressGateway[],
  rule: AuthorizationRule,
): readonly NeverAtGateway[] {
  const [gateway] = gateways;
  const servers = gateways.flatMap(listeningServers);
  if (!gateway || servers.length === 0) return [];
  const isCertain = gateways.every(({ service }) => service !== undefined);
  return [
    ...valuesOf(rule, ['ports', 'destination.port']).flatMap((value) => {
      const found = portFault(servers, gateway, value);
      return found ? [{ ...found, isCertain }] : [];
    }),
    ...serverNames(servers, gateway, rule).map((one) => ({ ...one, isCertain: true })),
  ];
}

/** The filter compares the port on which the pod listens. istio@86c9f01 pilot/pkg/security/authz/model/generator.go destPortGenerator. */
function portFault(
  servers: readonly Listening[],
  gateway: EgressGateway,
  value: Field<string>,
): NeverMatching | undefined {
  const port = Number(value.value);
  const behind = servers.filter(({ written, listening }) => written === port && listening !== port);
  const [first] = behind;
  if (!first || servers.some(({ listening }) => listening === port)) return undefined;
  const suggestion = String(first.listening);
  return {
    value,
    why: `the pods of ${nameOfGateway(gateway)} listen on port ${suggestion} for port ${value.value} of the Service${gateway.service ? '' : ", as Istio's charts install it"}, and policies see the port of the pods`,
    suggestion,
  };
}

function serverNames(
  servers: readonly Listening[],
  gateway: EgressGateway,
  rule: AuthorizationRule,
): readonly NeverMatching[] {
  if (!servers.every(({ server }) => serverKind(server) === 'http')) return [];
  return valuesOf(rule, ['connection.sni']).map((value) => ({
    value,
    why: `the servers of ${nameOfGateway(gateway)} take plain HTTP, which has no server name (SNI)`,
  }));
}

function valuesOf(rule: AuthorizationRule, names: readonly string[]): readonly Field<string>[] {
  const fields = [...rule.from, ...rule.to].flatMap((clause) => clause.fields);
  const conditions = rule.when.flatMap(({ key, values }) => (key ? [{ name: key.value, values }] : []));
  return [...fields, ...conditions].flatMap(({ name, values }) => (names.includes(name) ? values : []));
}
