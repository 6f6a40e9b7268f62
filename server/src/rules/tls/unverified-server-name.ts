import { handshakeOf } from '../../mesh/destination-rules/handshake.ts';
import { chainsOf } from '../../mesh/routes/chain-of-port.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock, type AppliedBlock } from './applied/applied-blocks.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const unverifiedServerName = defineRule({
  id: 'unverified-server-name',
  stage: 'tls',
  summary:
    'A DestinationRule sets `sni` without `subjectAltNames`: the name in the server certificate is not verified.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: tlsInputs,

  *check(rule, mesh) {
    for (const { block, on } of firstOfEachBlock(appliedBlocks(mesh, rule).filter((one) => isUnverified(rule, one)))) {
      const sni = block.tls.sni!;
      yield {
        at: sni.span,
        message: `The name in the server certificate of ${on.host} is not verified: with sni and without subjectAltNames the proxy accepts a trusted certificate for any name.`,
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
