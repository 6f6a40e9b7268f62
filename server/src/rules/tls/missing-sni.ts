import { handshakeOf } from '../../mesh/destination-rules/handshake.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Resource } from '../../model/resource.ts';
import { isContested } from '../shared/port-conflict.ts';
import { tlsBlocksOf } from './faults/faults-of-rule.ts';
import { defineRule, type Change } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock, type AppliedBlock } from './applied/applied-blocks.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const missingSni = defineRule({
  id: 'missing-sni',
  stage: 'tls',
  summary: 'TLS for a TCP port sends no server name (SNI) and does not verify the name in the certificate.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: tlsInputs,

  *check(rule, mesh) {
    for (const { block, on, port } of firstOfEachBlock(
      appliedBlocks(mesh, rule).filter((one) => isNameless(rule, one) && !isContested(mesh, one.on.host, one.port)),
    )) {
      yield {
        at: block.tls.mode?.span ?? block.tls.key,
        message: `TLS to port ${port.number!.value} of ${on.host} sends no server name (SNI), so the server may reject it: for a ${port.protocol!.value} port set sni.`,
        related: [{ resource: on.entry, at: port.span, message: 'Only HTTP requests contain a name to send.' }],
        data: { path: block.path, host: on.host, names: block.tls.subjectAltNames.length > 0 },
      };
    }
  },

  *fixes({ path, host, names }, rule, mesh) {
    if (host.startsWith('*') || host !== ruleHost(rule, mesh.settings.clusterDomain)) return;
    const isVerified =
      tlsBlocksOf(rule).find((block) => block.path.join() === path.join())?.tls.insecureSkipVerify?.value !== true;
    const changes: Change[] = [{ op: 'set', in: rule, path: [...path, 'sni'], value: host }];
    // With a name and no list of names nothing would be compared.
    if (!names && isVerified) changes.push({ op: 'set', in: rule, path: [...path, 'subjectAltNames'], value: [host] });
    yield { title: `${isVerified ? 'Send and verify' : 'Send'} the name ${host}`, safety: 'unsafe', changes };
  },
});

/** Clients that speak TLS themselves are another fault. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation (INFER). */
function isNameless(rule: Resource<'DestinationRule'>, { block: { tls }, port }: AppliedBlock): boolean {
  return (
    protocolKind(port.protocol?.value) === 'tcp' &&
    handshakeOf({ by: 'DestinationRule', rule, tls, portLevel: false }, 'tcp').sni === undefined
  );
}
