// A provider of MeshConfig whose service expects TLS that no DestinationRule originates.
import type { Span } from '../../base/span.ts';
import { someRuleMatching } from '../../mesh/destination-rules/matching-rules.ts';
import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import type { ProviderTarget } from '../../mesh/hosts/provider-service.ts';
import { expectsTls, targetPortsOf } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';

export interface PlaintextToTls {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: number;
  readonly at: Span;
}

/** Proxies call providers as they call the host's port: without a rule in the clear. Which rule a proxy applies differs, so that any with TLS counts. */
export function plaintextToTls(
  mesh: Mesh,
  { owner: { resource, host }, port: number }: Extract<ProviderTarget, { state: 'found' }>,
): PlaintextToTls | undefined {
  if (resource.kind !== 'ServiceEntry' || number === undefined) return undefined;
  const port = resource.spec.ports.find((one) => one.number?.value === number);
  const isTls = (one: ServiceEntryPort) =>
    protocolKind(one.protocol?.value) === 'tls' || targetPortsOf(resource, one).some((to) => expectsTls(to.number));
  if (!port || !isTls(port)) return undefined;
  const hasTls = someRuleMatching(
    mesh,
    host,
    `rule with TLS ${number}`,
    (rule) => tlsOfRule(rule, number).mode !== undefined,
  );
  if (hasTls) return undefined;
  return { entry: resource, host, port: number, at: port.span };
}
