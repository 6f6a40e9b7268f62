// Where a bound waypoint applies a block of a DestinationRule: the host and the port for which it opens TLS by it.
import { firstOfEach } from '../../../base/first-of-each.ts';
import { addToGroup } from '../../../base/group-by.ts';
import { eachInSteps } from '../../../base/steps.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule, upstreamTls } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import {
  externalHosts,
  externalHostsOf,
  tlsBlocksOf,
  type ExternalHost,
  type TlsBlock,
} from '../faults/faults-of-rule.ts';
import { isReached } from './is-reached.ts';

export interface AppliedBlock {
  readonly block: TlsBlock;
  readonly on: ExternalHost;
  readonly port: ServiceEntryPort;
  readonly waypoint: Resource<'Gateway'>;
}

/** Each block with every port that it is applied to; blocks of subsets, which routes choose, are left out. */
export function appliedBlocks(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly AppliedBlock[] {
  const blocks = tlsBlocksOf(rule).filter(({ path }) => path[1] === 'trafficPolicy');
  if (blocks.length === 0) return [];
  const applied = appliedPorts(mesh, rule);
  return blocks.flatMap((block) =>
    applied.flatMap((one) => (tlsOfRule(rule, one.port.number!.value).tls === block.tls ? [{ block, ...one }] : [])),
  );
}

type AppliedPort = Omit<AppliedBlock, 'block'>;

/** The ports of the rule's hosts for which a waypoint opens TLS by it. */
function appliedPorts(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly AppliedPort[] {
  if (externalHostsOf(mesh, rule).length === 0) return [];
  // Rules of one host share what is found out about it: a fact of each, which reads all of it, would be a square after an edit.
  return portsOfRule(mesh, ruleHost(rule, mesh.settings.clusterDomain), rule.id);
}

function portsOfRule(mesh: Mesh, host: string, rule: number): readonly AppliedPort[] {
  return mesh.derived(`ports of ${host} by ${rule}`, (view) => portsByRule(view, host).get(rule) ?? []);
}

function portsByRule(mesh: Mesh, host: string): ReadonlyMap<number, readonly AppliedPort[]> {
  return mesh.derivedInSteps(`ports of ${host} by rule`, (view) => portsInSteps(view, host));
}

function* portsInSteps(mesh: Mesh, host: string): Generator<undefined, ReadonlyMap<number, readonly AppliedPort[]>> {
  const ports = new Map<number, [AppliedPort, ...AppliedPort[]]>();
  yield* eachInSteps(externalHosts(mesh, host), (on) => {
    for (const { by, found } of portsOf(mesh, on)) addToGroup(ports, by, found);
  });
  return ports;
}

interface PortByRule {
  readonly by: number;
  readonly found: AppliedPort;
}

function portsOf(mesh: Mesh, on: ExternalHost): readonly PortByRule[] {
  return on.entry.spec.ports.flatMap((port) => {
    if (!port.number) return [];
    const tls = upstreamTls(mesh, on.entry, port, on.host);
    if (tls.binding.state !== 'bound' || tls.state !== 'originated' || tls.source.by !== 'DestinationRule') return [];
    if (!isReached(mesh, on.entry, on.host, tls.binding)) return [];
    return [{ by: tls.source.rule.id, found: { on, port, waypoint: tls.binding.gateway } }];
  });
}

/** The same once for each block. */
export function firstOfEachBlock(applied: readonly AppliedBlock[]): readonly AppliedBlock[] {
  return firstOfEach(applied, ({ block }) => block.tls);
}
