// The hop to an egress gateway is put right on the side of the rule that sends, or of the server that takes it.
import type { FieldPath } from '../../../base/field-path.ts';
import type { GatewayHop } from '../../../mesh/clients/gateway-hop.ts';
import { endsTlsFor } from '../../../mesh/clients/servers-of-pods.ts';
import type { AnyResource, Resource } from '../../../model/resource.ts';
import type { ClientTls } from '../../../model/specs.ts';
import { describe } from '../../../model/resource.ts';
import type { Change, Fix } from '../../rule.ts';
import { tlsBlocksOf } from '../faults/faults-of-rule.ts';
import type { HopFault } from '../faults/gateway-hop.ts';

type Rule = Resource<'DestinationRule'>;

export function* gatewayHopRepairs(
  hop: GatewayHop,
  fault: HopFault,
  tls: ClientTls | undefined,
  subject: AnyResource<'DestinationRule' | 'IstioGateway'>,
): Iterable<Fix> {
  if (subject.kind === 'IstioGateway') {
    if (fault.kind === 'plaintext-to-tls' && fault.at.server.tls?.mode?.value === 'ISTIO_MUTUAL')
      yield* addedRule(hop, fault);
    return;
  }
  const path = tlsBlocksOf(subject).find((block) => block.tls === tls)?.path;
  if (!tls || !path) return;
  if (fault.kind === 'other-name') yield* namedHost(hop, fault, subject, path);
  if (fault.kind === 'tls-to-plaintext' && hop.seenAs === 'http') yield* mutualServer(hop, fault, subject, path, tls);
  if (fault.kind === 'tls-to-passthrough' && hop.seenAs === 'tls')
    yield {
      title: 'Replace tls by mode DISABLE, because clients use TLS',
      safety: 'unsafe',
      changes: [{ op: 'set', in: subject, path, value: { mode: 'DISABLE' } }],
    };
}

/** The server then ends the mesh's TLS, for which the name that is sent has to be one of its hosts. */
function* mutualServer(hop: GatewayHop, { at }: HopFault, rule: Rule, path: FieldPath, tls: ClientTls): Iterable<Fix> {
  if (tls.mode?.value !== 'ISTIO_MUTUAL' || at.server.protocol === undefined) return;
  const { gateway, server } = at;
  const fits = tls.sni !== undefined && endsTlsFor(at, tls.sni.value);
  if (!fits && hop.outside.startsWith('*')) return;
  yield {
    title: `Make the server of ${describe(gateway)} end the mesh's mTLS`,
    safety: 'unsafe',
    changes: [
      { op: 'set', in: gateway, path: ['spec', 'servers', server.index, 'port', 'protocol'], value: 'HTTPS' },
      { op: 'set', in: gateway, path: ['spec', 'servers', server.index, 'tls'], value: { mode: 'ISTIO_MUTUAL' } },
      ...(fits ? [] : [sniChange(hop, rule, path)]),
    ],
  };
}

function* namedHost(hop: GatewayHop, { at }: HopFault, rule: Rule, path: FieldPath): Iterable<Fix> {
  if (!hop.outside.startsWith('*') && endsTlsFor(at, hop.outside))
    yield { title: `Send the server name ${hop.outside}`, safety: 'unsafe', changes: [sniChange(hop, rule, path)] };
}

function sniChange({ outside }: GatewayHop, rule: Rule, path: FieldPath): Change {
  return { op: 'set', in: rule, path: [...path, 'sni'], value: outside };
}

/** For a hop that names a subset a rule has to be there already. */
function* addedRule({ route, host, port, subset, outside }: GatewayHop, { at }: HopFault): Iterable<Fix> {
  if (subset !== undefined || outside.startsWith('*') || !endsTlsFor(at, outside)) return;
  const tls = { mode: 'ISTIO_MUTUAL', sni: outside };
  yield {
    title: `Add a DestinationRule that sends the mesh's mTLS to ${host}`,
    safety: 'unsafe',
    changes: [
      {
        op: 'append-document',
        after: route,
        manifest: {
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: { name: `${route.name}-gateway`, namespace: route.namespace },
          spec: { host, trafficPolicy: { portLevelSettings: [{ port: { number: port }, tls }] } },
        },
      },
    ],
  };
}
