import type { FieldPath } from '../../base/field-path.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { TlsSource } from '../../mesh/destination-rules/upstream-tls.ts';
import type { ClientTls, ServiceEntryPort } from '../../model/specs.ts';
import { handshakeOf } from '../../mesh/destination-rules/handshake.ts';
import { chainsOf } from '../../mesh/routes/chain-of-port.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock, type AppliedBlock } from './applied/applied-blocks.ts';
import { blocksAtGateways, type GatewayBlock } from './applied/gateway-blocks.ts';
import { blocksAtSidecars } from './applied/sidecar-blocks.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

interface Data {
  readonly path: FieldPath;
  readonly name: string;
}

export const unverifiedServerName = defineRule({
  id: 'unverified-server-name',
  stage: 'tls',
  summary:
    'A DestinationRule sets `sni` without `subjectAltNames`: the name in the server certificate is not verified.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs, 'IstioGateway', 'Pod', 'Workload'],

  *check(rule, mesh): Iterable<RuleFinding<Data>> {
    const told = new Set<ClientTls>();
    for (const { block, on } of firstOfEachBlock(appliedBlocks(mesh, rule).filter((one) => isUnverified(rule, one)))) {
      const sni = block.tls.sni!;
      told.add(block.tls);
      yield {
        at: sni.span,
        message: `The name in the server certificate of ${on.host} is not verified: with sni and without subjectAltNames the proxy accepts a trusted certificate for any name.`,
        data: { path: block.path, name: sni.value },
      };
    }
    for (const one of blocksAtGateways(mesh, rule, namesNothing)) {
      const { block, on, pods } = one;
      if (told.has(block.tls) || !isUnverifiedAtGateway(mesh, rule, one)) continue;
      told.add(block.tls);
      const sni = block.tls.sni!;
      yield {
        at: sni.span,
        severity: 'information',
        message: `The name in the server certificate of ${on.host} is not verified at egress gateway ${pods.namespace}/${pods.name}: with sni and without subjectAltNames it accepts a trusted certificate for any name.`,
        data: { path: block.path, name: sni.value },
      };
    }
    for (const { block, on, port } of blocksAtSidecars(mesh, rule, namesNothing)) {
      const source = { by: 'DestinationRule', rule, tls: block.tls, portLevel: false } as const;
      if (told.has(block.tls) || verifiesName(source, on.entry, port)) continue;
      told.add(block.tls);
      const sni = block.tls.sni!;
      yield {
        at: sni.span,
        severity: 'information',
        message: `The name in the server certificate of ${on.host} is not verified by sidecars: with sni and without subjectAltNames they accept a trusted certificate for any name.`,
        data: { path: block.path, name: sni.value },
      };
    }
  },

  *fixes({ path, name }, rule) {
    yield {
      title: `Accept only certificates for ${name}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: rule, path: [...path, 'subjectAltNames'], value: [name] }],
    };
  },
});

/** Names on the entry are `service-entry-sans-unused`, a check that is off is `insecure-skip-verify`. */
function isUnverified(
  rule: Resource<'DestinationRule'>,
  { block: { tls }, on: { entry }, port }: AppliedBlock,
): boolean {
  if (!tls.sni?.value || entry.spec.subjectAltNames.length > 0 || tls.insecureSkipVerify?.value) return false;
  const { names } = handshakeOf(
    { by: 'DestinationRule', rule, tls, portLevel: false },
    chainsOf(port)[0] ?? 'tcp',
    entry,
  );
  return names.listed.length === 0 && !names.request;
}

function namesNothing({ sni, subjectAltNames, insecureSkipVerify }: ClientTls): boolean {
  return Boolean(sni?.value) && subjectAltNames.length === 0 && !insecureSkipVerify?.value;
}

/** A gateway takes the names of the entry. server/docs/istio-semantics-classic.md §E.42, §L.28. */
function isUnverifiedAtGateway(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  { block: { tls }, on: { entry, host }, port }: GatewayBlock,
): boolean {
  const listed = entry.spec.ports.find(({ number }) => number?.value === port);
  if (!listed || mesh.hostOwners(host).length !== 1) return false;
  return !verifiesName({ by: 'DestinationRule', rule, tls, portLevel: false }, entry, listed);
}

/** As sidecars and gateways do. */
function verifiesName(source: TlsSource, entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): boolean {
  const { names } = handshakeOf(source, chainsOf(port)[0] ?? 'tcp', entry, 'sidecar');
  return names.listed.length > 0 || names.request;
}
