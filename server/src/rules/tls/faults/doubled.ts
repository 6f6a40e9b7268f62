// Where a rule's TLS is put around TLS. istio.io/latest/docs/ops/common-problems/network-issues/#double-tls-tls-origination-for-a-tls-request
import { mostRelated } from '../../../base/and-more.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule, upstreamTls } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import { isContested } from '../../shared/port-conflict.ts';
import {
  externalHosts,
  externalHostsOf,
  originates,
  targetPortSettings,
  tlsBlocksOf,
  type ExternalHost,
  type TlsBlock,
} from './faults-of-rule.ts';
import { isAmbientHere } from '../../shared/intent.ts';
import { isAppliedSomewhere } from '../applied/applied-rule.ts';
import { isReached } from '../applied/is-reached.ts';
import { isRerouted, isRoutedInPlaintext } from '../../../mesh/routes/rerouted.ts';
import { isPortOfProvider } from '../../../mesh/hosts/provider-service.ts';
import { arrivesInTls, plaintextToTlsPorts, targetPortsOf } from '../../../mesh/hosts/target-ports.ts';

export interface Doubled {
  readonly block: TlsBlock;
  readonly ports: readonly { readonly on: ExternalHost; readonly port: ServiceEntryPort }[];
  /** Another port of the same entry brings plaintext to the same place: the TLS is right there, and this port may never be called. */
  readonly isIntendedElsewhere: boolean;
}

/** The blocks of a rule that hold for ports on which clients speak TLS themselves. */
export function doubledBlocks(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly Doubled[] {
  const originating = tlsBlocksOf(rule).filter(({ tls, path }) => originates(tls) && path[1] === 'trafficPolicy');
  const misnumbered = originating.length > 0 ? misnumberedIn(mesh, rule) : new Set();
  const blocks = originating.filter(({ tls }) => !misnumbered.has(tls));
  return blocks.flatMap((block) => {
    const ports = portsNear(mesh, rule).filter(({ on, port }) => isDoubled(mesh, rule, block, on, port));
    return ports.length > 0
      ? [
          {
            block,
            ports,
            isIntendedElsewhere: ports.every(({ on, port }) => isIntendedElsewhere(rule, block, on.entry, port)),
          },
        ]
      : [];
  });
}

/** Where many declare one host, the rules of all of them are not held to the ports of all. */
const mostElsewhere = mostRelated;

/** All ports in the rule's own namespace, and those that come first of the others. */
function portsNear(mesh: Mesh, rule: Resource<'DestinationRule'>): Doubled['ports'] {
  const ports = tlsPortsOf(mesh, rule);
  if (ports.length <= mostElsewhere) return ports;
  let elsewhere = 0;
  return ports.filter(({ on }) => on.entry.namespace === rule.namespace || elsewhere++ < mostElsewhere);
}

/** The ports of the rule's hosts on which clients speak TLS, and nothing else can arrive. */
function tlsPortsOf(mesh: Mesh, rule: Resource<'DestinationRule'>): Doubled['ports'] {
  if (externalHostsOf(mesh, rule).length === 0) return [];
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  return mesh.derived(`tls ports of ${host}`, (view) =>
    externalHosts(view, host).flatMap((on) =>
      on.entry.spec.ports.filter((port) => isForTlsAlone(view, on.host, port)).map((port) => ({ on, port })),
    ),
  );
}

/** `port-level-target-port` reports it. */
function misnumberedIn(mesh: Mesh, rule: Resource<'DestinationRule'>): ReadonlySet<TlsBlock['tls'] | undefined> {
  return new Set(targetPortSettings(mesh, rule).map(({ setting }) => setting.tls));
}

function isDoubled(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  block: TlsBlock,
  { entry, host }: ExternalHost,
  port: ServiceEntryPort,
): boolean {
  const number = port.number?.value;
  return (
    number !== undefined &&
    tlsOfRule(rule, number).tls === block.tls &&
    isApplied(mesh, rule, entry, port, host) &&
    !isRerouted(mesh, entry, number, host)
  );
}

/** No other entry has the port for something else, and no route brings plaintext to it. */
function isForTlsAlone(mesh: Mesh, host: string, port: ServiceEntryPort): boolean {
  return (
    arrivesInTls(port) &&
    !(port.number && isRoutedInPlaintext(mesh, port.number.value, host)) &&
    !(port.number && isPortOfProvider(mesh, host, port.number.value)) &&
    !isContested(mesh, host, port)
  );
}

function isApplied(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  host: string,
): boolean {
  const tls = upstreamTls(mesh, entry, port, host);
  if (tls.binding.state !== 'bound')
    return (
      (tls.binding.state !== 'unbound' || !isAmbientHere(mesh, entry)) &&
      isAppliedSomewhere(mesh, rule, entry, tlsOfRule(rule, port.number?.value ?? 0).tls)
    );
  return (
    isReached(mesh, entry, host, tls.binding) &&
    tls.state === 'originated' &&
    tls.source.by === 'DestinationRule' &&
    tls.source.rule.id === rule.id
  );
}

function isIntendedElsewhere(
  rule: Resource<'DestinationRule'>,
  block: TlsBlock,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
): boolean {
  const targets = targetPortsOf(entry, port).map(({ number }) => number);
  return plaintextToTlsPorts(entry).some(
    (other) =>
      tlsOfRule(rule, other.number!.value).tls === block.tls &&
      targetPortsOf(entry, other).some(({ number }) => targets.includes(number)),
  );
}
