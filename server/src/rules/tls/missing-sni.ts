import { handshakeOf } from '../../mesh/destination-rules/handshake.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isContested } from '../shared/port-conflict.ts';
import { tlsBlocksOf } from './faults/faults-of-rule.ts';
import { defineRule, type Change, type RuleFinding } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock, type AppliedBlock } from './applied/applied-blocks.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { blocksAtSidecars } from './applied/sidecar-blocks.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

interface Data {
  readonly path: FieldPath;
  readonly host: string;
  /** Whether names to compare the certificate with are listed. */
  readonly names: boolean;
}

export const missingSni = defineRule({
  id: 'missing-sni',
  stage: 'tls',
  summary: 'TLS for a TCP port sends no server name (SNI) and does not verify the name in the certificate.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs, 'Pod', 'Workload'],

  *check(rule, mesh): Iterable<RuleFinding<Data>> {
    const applied = firstOfEachBlock(
      appliedBlocks(mesh, rule).filter((one) => isNameless(rule, one) && !isContested(mesh, one.on.host, one.port)),
    );
    for (const { block, on, port } of applied)
      yield {
        ...found(block, on, port),
        message: `TLS to port ${port.number!.value} of ${on.host} sends no server name (SNI), so the server may reject it: for a ${port.protocol!.value} port set sni.`,
      };
    const told = new Set(applied.map(({ block }) => block.tls));
    const [first] = blocksAtSidecars(
      mesh,
      rule,
      (tls) => tls.sni === undefined && !told.has(tls),
      ({ protocol }) => protocolKind(protocol?.value) === 'tcp',
    ).filter((one) => isNameless(rule, one));
    if (!first) return;
    const { block, on, port } = first;
    yield {
      ...found(block, on, port),
      // Servers with one certificate need no name.
      severity: 'information',
      message: `TLS of sidecars to port ${port.number!.value} of ${on.host} sends no server name (SNI), so the server may reject it or show the certificate of another name: for a ${port.protocol!.value} port set sni.`,
    };
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

function found(
  { tls, path }: AppliedBlock['block'],
  { host, entry }: AppliedBlock['on'],
  port: ServiceEntryPort,
): Omit<RuleFinding<Data>, 'message'> {
  return {
    at: tls.mode?.span ?? tls.key,
    related: [{ resource: entry, at: port.span, message: 'Only HTTP requests contain a name to send.' }],
    data: { path, host, names: tls.subjectAltNames.length > 0 },
  };
}

/** Clients that speak TLS themselves are another fault. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation (INFER). */
function isNameless(
  rule: Resource<'DestinationRule'>,
  { block: { tls }, port }: Pick<AppliedBlock, 'block' | 'port'>,
): boolean {
  return (
    protocolKind(port.protocol?.value) === 'tcp' &&
    handshakeOf({ by: 'DestinationRule', rule, tls, portLevel: false }, 'tcp').sni === undefined
  );
}
