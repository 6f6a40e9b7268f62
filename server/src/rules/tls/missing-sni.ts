import { handshakeOf } from '../../mesh/destination-rules/handshake.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Resource } from '../../model/resource.ts';
import { isContested } from '../shared/port-conflict.ts';
import { defineRule, type Change } from '../rule.ts';
import { appliedBlocks, appliedInputs, firstOfEachBlock, type AppliedBlock } from './applied/applied-blocks.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';

export const missingSni = defineRule({
  id: 'missing-sni',
  stage: 'tls',
  summary: "TLS is opened for a TCP port without a server name, and without a check of the certificate's.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: appliedInputs,

  *check(rule, mesh) {
    for (const { block, on, port } of firstOfEachBlock(
      appliedBlocks(mesh, rule).filter((one) => isNameless(rule, one) && !isContested(mesh, one.on.host, one.port)),
    )) {
      yield {
        at: block.tls.mode?.span ?? block.tls.key,
        message: `Port ${port.number!.value} of ${on.host} is ${port.protocol!.value}, where no server name is sent unless sni is set.`,
        related: [{ resource: on.entry, at: port.span, message: 'Only requests of HTTP ports carry a name to send.' }],
        data: { path: block.path, host: on.host, names: block.tls.subjectAltNames.length > 0 },
      };
    }
  },

  *fixes({ path, host, names }, rule, mesh) {
    if (host.startsWith('*') || host !== ruleHost(rule, mesh.settings.clusterDomain)) return;
    const changes: Change[] = [{ op: 'set', in: rule, path: [...path, 'sni'], value: host }];
    // With a name and no list of names nothing would be compared.
    if (!names) changes.push({ op: 'set', in: rule, path: [...path, 'subjectAltNames'], value: [host] });
    yield { title: `Send and check the name ${host}`, safety: 'unsafe', changes };
  },
});

/** Clients that speak TLS themselves are another fault. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation (INFER). */
function isNameless(rule: Resource<'DestinationRule'>, { block: { tls }, port }: AppliedBlock): boolean {
  return (
    protocolKind(port.protocol?.value) === 'tcp' &&
    handshakeOf({ by: 'DestinationRule', rule, tls, portLevel: false }, 'tcp').sni === undefined
  );
}
