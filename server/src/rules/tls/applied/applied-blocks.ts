// Where a bound waypoint applies a block of a DestinationRule: the host and the port for which it opens TLS by it.
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule, upstreamTls } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import { externalHostsOf, tlsBlocksOf, type ExternalHost, type TlsBlock } from '../faults/faults-of-rule.ts';
import { isReached } from './is-reached.ts';

export interface AppliedBlock {
  readonly block: TlsBlock;
  readonly on: ExternalHost;
  readonly port: ServiceEntryPort;
  readonly waypoint: Resource<'Gateway'>;
}

/** Each block with every port that it is applied to; blocks of subsets, which routes choose, are left out. */
export function appliedBlocks(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly AppliedBlock[] {
  const hosts = externalHostsOf(mesh, rule);
  const blocks = tlsBlocksOf(rule).filter(({ path }) => path[1] === 'trafficPolicy');
  return blocks.flatMap((block) =>
    hosts.flatMap((on) =>
      on.entry.spec.ports.flatMap((port) => {
        const waypoint =
          port.number && tlsOfRule(rule, port.number.value).tls === block.tls
            ? waypointApplying(mesh, rule, on, port)
            : undefined;
        return waypoint ? [{ block, on, port, waypoint }] : [];
      }),
    ),
  );
}

/** The same once for each block. */
export function firstOfEachBlock(applied: readonly AppliedBlock[]): readonly AppliedBlock[] {
  return applied.filter((one, i) => applied.findIndex(({ block }) => block.tls === one.block.tls) === i);
}

function waypointApplying(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  { entry, host }: ExternalHost,
  port: ServiceEntryPort,
): Resource<'Gateway'> | undefined {
  const tls = upstreamTls(mesh, entry, port, host);
  if (
    tls.binding.state !== 'bound' ||
    tls.state !== 'originated' ||
    tls.source.by !== 'DestinationRule' ||
    tls.source.rule.id !== rule.id
  )
    return undefined;
  return isReached(mesh, entry, host, tls.binding) ? tls.binding.gateway : undefined;
}
