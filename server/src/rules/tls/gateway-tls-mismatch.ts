import { firstOfEach } from '../../base/first-of-each.ts';
import { isEncryptedByAnyRule, sentOnHop, type GatewayHop } from '../../mesh/clients/gateway-hop.ts';
import type { Span } from '../../base/span.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { serverKind } from '../../mesh/routes/gateway-servers.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { targetingInputs } from '../shared/inputs.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { hopFault, type HopFault } from './faults/gateway-hop.ts';
import { hopsFrom, sentFrom } from './faults/hops-of-sidecars.ts';
import { gatewayHopRepairs } from './repairs/gateway-hop.ts';

type Rule = Resource<'DestinationRule'>;
type Gateway = Resource<'IstioGateway'>;

/** Which of the faulty hops of the subject it is. */
interface Data {
  readonly hop: number;
}

interface FaultyHop {
  readonly hop: GatewayHop;
  readonly fault: HopFault;
  /** What the rule sends. */
  readonly tls: ClientTls | undefined;
  readonly finding: Omit<RuleFinding<Data>, 'data'>;
}

export const gatewayTlsMismatch = defineRule({
  id: 'gateway-tls-mismatch',
  stage: 'tls',
  summary: 'Sidecars send an egress gateway TLS where its server expects plaintext, or the reverse, so requests fail.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['DestinationRule', 'IstioGateway'],
  inputs: [
    'ServiceEntry',
    'Service',
    'Namespace',
    'IstioGateway',
    'VirtualService',
    'DestinationRule',
    ...targetingInputs,
    'Gateway',
    'GatewayClass',
    'Pod',
    'Workload',
  ],

  *check(subject: AnyResource<'DestinationRule' | 'IstioGateway'>, mesh): Iterable<RuleFinding<Data>> {
    for (const [hop, { finding }] of faultyHops(mesh, subject).entries()) yield { ...finding, data: { hop } };
  },

  *fixes({ hop }, subject, mesh) {
    const found = faultyHops(mesh, subject)[hop];
    if (found) yield* gatewayHopRepairs(found.hop, found.fault, found.tls, subject);
  },
});

/** A rule tells what it sends; where no rule sends TLS, the server that expects it does. */
function faultyHops(mesh: Mesh, subject: AnyResource<'DestinationRule' | 'IstioGateway'>): readonly FaultyHop[] {
  const found = subject.kind === 'DestinationRule' ? hopsOfRule(mesh, subject) : hopsOfGateway(mesh, subject);
  return firstOfEach(found, ({ finding }) => finding.at.start);
}

function hopsOfRule(mesh: Mesh, rule: Rule): readonly FaultyHop[] {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  return (sentFrom(mesh, host, rule.namespace).get(rule.id) ?? []).flatMap(({ hop, sent }): FaultyHop[] => {
    const fault = hopFault(mesh, hop, sent);
    if (!fault) return [];
    const at = nameSpan(fault, sent.tls.tls) ?? sent.tls.tls?.mode?.span ?? sent.tls.span;
    const related = [...serverPlace(fault), routePlace(hop)];
    const finding = { at, message: messageOfRule(hop, fault, sent.mode), related };
    return [{ hop, fault, tls: sent.tls.tls, finding }];
  });
}

function nameSpan({ kind }: HopFault, tls: ClientTls | undefined): Span | undefined {
  if (kind === 'other-account') return tls?.subjectAltNames[0]?.span;
  return kind === 'other-name' ? tls?.sni?.span : undefined;
}

function hopsOfGateway(mesh: Mesh, gateway: Gateway): readonly FaultyHop[] {
  return hopsFrom(mesh, gateway).flatMap((hop): FaultyHop[] => {
    const sent = sentOnHop(mesh, hop, hop.route.namespace);
    if (sent.mode !== 'none' || isEncryptedByAnyRule(mesh, hop)) return [];
    const fault = hopFault(mesh, hop, sent);
    if (!fault || fault.at.gateway !== gateway) return [];
    const { server } = fault.at;
    const at = server.tls?.mode?.span ?? server.tls?.key ?? server.protocol?.span ?? server.span;
    const by = sent.rule
      ? [{ resource: sent.rule, at: sent.rule.at.name, message: `${describe(sent.rule)} applies and sets no TLS.` }]
      : [];
    const finding = { at, message: messageOfGateway(hop, fault), related: [routePlace(hop), ...by] };
    return [{ hop, fault, tls: undefined, finding }];
  });
}

function messageOfRule({ outside, port }: GatewayHop, fault: HopFault, mode: string): string {
  const to = describe(fault.at.gateway);
  const start = `Requests to ${outside} fail at the egress gateway:`;
  switch (fault.kind) {
    case 'tls-to-plaintext':
      return `${start} this rule sends TLS (${mode}), and the server of ${to} for port ${port} expects plaintext (${fault.at.server.protocol?.value}).`;
    case 'tls-to-passthrough':
      return `${start} this rule sends TLS (${mode}), which the server of ${to} for port ${port} passes on to the outside host (PASSTHROUGH).`;
    case 'no-client-certificate':
      return `${start} this rule sends TLS (${mode}) without the mesh's certificate, which the server of ${to} for port ${port} asks for (ISTIO_MUTUAL).`;
    case 'other-name':
      return `${start} this rule sends the server name ${fault.sni}, and no server of ${to} for port ${port} has this host.`;
    case 'other-account':
      return fault.account === undefined
        ? `${start} this rule accepts no certificate of namespace ${fault.namespace}, in which the pods of the gateway are.`
        : `${start} this rule does not accept the certificate of ServiceAccount ${fault.namespace}/${fault.account}, which the pods of the gateway have.`;
    default:
      return `${start} this rule sends no TLS, and the server of ${to} for port ${port} expects it.`;
  }
}

function messageOfGateway({ outside, host, port, seenAs }: GatewayHop, { kind, at: { server } }: HopFault): string {
  const start = `Requests to ${outside} fail at the egress gateway:`;
  if (kind === 'tls-to-plaintext')
    return `${start} this server expects plaintext (${server.protocol?.value}), and clients send their own TLS on port ${port}.`;
  const expects = server.tls?.mode?.value ?? 'PASSTHROUGH';
  if (serverKind(server) === 'istio-mutual')
    return `${start} this server expects the mesh's mTLS (${expects}), and no DestinationRule makes sidecars use it for port ${port} of ${host}.`;
  return `${start} this server expects TLS (${expects}), and sidecars send ${seenAs === 'http' ? 'plain HTTP' : 'plaintext'} to port ${port} of ${host}.`;
}

function serverPlace({ at: { gateway, server } }: HopFault): Related[] {
  const at = server.tls?.mode?.span ?? server.protocol?.span ?? server.span;
  return [{ resource: gateway, at, message: `This server of ${describe(gateway)} takes the connection.` }];
}

function routePlace({ route, destination, outside }: GatewayHop): Related {
  const at = destination.host?.span ?? route.at.name;
  return { resource: route, at, message: `${describe(route)} sends requests to ${outside} to the gateway.` };
}
