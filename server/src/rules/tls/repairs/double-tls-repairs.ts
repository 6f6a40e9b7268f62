// Fixes for double TLS: restrict the rule to the plaintext ports, or let clients use plaintext.
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import type { Change, Fix } from '../../rule.ts';
import { isDeclaredOtherwise } from '../../shared/port-conflict.ts';
import type { Doubled } from '../faults/doubled.ts';
import { externalHostsOf, originates } from '../faults/faults-of-rule.ts';
import { copyOf } from './origination.ts';
import { narrowing, removing } from './remove-tls.ts';
import { arrivesInTls, isHttpsPort, targetPortsOf, tlsSiblingOf } from '../../../mesh/hosts/target-ports.ts';
import { andMore } from '../../../base/and-more.ts';
import { negotiatorOn } from '../../../names/well-known-ports.ts';
import { rulesAnywhere } from '../../../mesh/destination-rules/matching-rules.ts';

/** The best first. */
export function* doubleTlsRepairs(mesh: Mesh, rule: Resource<'DestinationRule'>, found: Doubled): Iterable<Fix> {
  // Without its own settings the port gets those for all ports, which also originate TLS.
  if (found.block.port !== undefined && originates(rule.spec.trafficPolicy?.tls)) return;
  const governed = portsUnder(mesh, rule, found);
  const plain = governed.filter((port) => !arrivesInTls(port));
  const numbers = [...new Set(plain.map(({ number }) => number!.value))];
  if (plain.length === 0) {
    if (governed.length === 1) yield* plaintextInstead(mesh, rule, found);
    // Another rule for the host would take its place.
    if (found.ports.every(({ on }) => rulesAnywhere(mesh, on.host).every(({ id }) => id === rule.id)))
      yield {
        title: 'Remove TLS origination, because clients use TLS',
        safety: 'unsafe',
        changes: removing(rule, found.block),
      };
  } else if (
    found.block.port === undefined &&
    !governed.some((port) => arrivesInTls(port) && numbers.includes(port.number!.value))
  )
    yield keepTo(rule, found, numbers);
}

/** All ports for which the block holds, of every entry that the rule is for. Those that carry plaintext keep the TLS. */
function portsUnder(mesh: Mesh, rule: Resource<'DestinationRule'>, { block }: Doubled): readonly ServiceEntryPort[] {
  const entries = [...new Set(externalHostsOf(mesh, rule).map(({ entry }) => entry))];
  return entries
    .flatMap(({ spec }) => spec.ports)
    .filter(({ number }) => number && tlsOfRule(rule, number.value).tls === block.tls);
}

/** A port's own settings replace all others for it, so beside others this is no longer a small change. */
function keepTo(rule: Resource<'DestinationRule'>, { block }: Doubled, ports: readonly number[]): Fix {
  const isAlone = rule.spec.trafficPolicy?.otherFields.length === 0 && !rule.spec.host?.value.startsWith('*');
  return {
    title: `Originate TLS only for port ${andMore(ports)}`,
    safety: isAlone ? 'safe' : 'unsafe',
    changes: narrowing(rule, ports, copyOf(block.tls)),
  };
}

function* plaintextInstead(mesh: Mesh, rule: Resource<'DestinationRule'>, { block, ports }: Doubled): Iterable<Fix> {
  const [first] = ports;
  if (!first || ports.length > 1 || first.on.entry.spec.hosts.length > 1) return;
  const {
    on: { entry },
    port,
  } = first;
  const number = port.number!.value;
  const targets = targetPortsOf(entry, port).map((target) => target.number);
  const speaks = carriesHttp(port, targets) ? 'HTTP' : 'TCP';
  const leads = targets.every((target) => target === number || tlsSiblingOf(target) === undefined);
  if (speaks === 'TCP' || tlsSiblingOf(number) !== undefined) {
    const isRefused = targets.some((target) => speaks === 'TCP' && negotiatorOn(target) !== undefined);
    const isContested = isDeclaredOtherwise(mesh, first.on, port, speaks === 'HTTP' ? 'http' : 'tcp');
    if (leads && !isRefused && !isContested)
      yield {
        title: `Declare port ${number} as ${speaks}`,
        safety: 'unsafe',
        changes: asPlaintext(entry, port, speaks, targets.includes(number) ? tlsSiblingOf(number) : undefined),
      };
  } else if (!entry.spec.ports.some((other) => other.number?.value === 80)) {
    const narrowed =
      block.port === undefined
        ? narrowing(rule, [80], copyOf(block.tls))
        : [{ op: 'set', in: rule, path: [...block.path.slice(0, -1), 'port', 'number'], value: 80 } as const];
    yield {
      title: 'Add port 80 for plain HTTP and originate TLS only there',
      safety: 'unsafe',
      changes: [plainPort(entry, port), ...narrowed],
    };
  }
}

/** A port with protocol TLS and a number of its own is one of a database, a mail server or a queue: port 80 is not what their clients call. */
function carriesHttp({ protocol, number }: ServiceEntryPort, targets: readonly number[]): boolean {
  return (
    protocol?.value.toUpperCase() === 'HTTPS' ||
    [number?.value, ...targets].some((one = 0) => isHttpsPort(one) || tlsSiblingOf(one) === 443)
  );
}

function asPlaintext(
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  protocol: 'HTTP' | 'TCP',
  targetPort: number | undefined,
): readonly Change[] {
  const path = ['spec', 'ports', port.index];
  return [
    { op: 'set', in: entry, path: [...path, 'protocol'], value: protocol },
    ...(targetPort === undefined
      ? []
      : [{ op: 'set', in: entry, path: [...path, 'targetPort'], value: targetPort } as const]),
  ];
}

function plainPort(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): Change {
  const name = entry.spec.ports.some((other) => other.name?.value === 'http') ? 'http-80' : 'http';
  const targetPort = targetPortsOf(entry, port)[0]?.number ?? 443;
  return {
    op: 'append',
    in: entry,
    path: ['spec', 'ports'],
    value: { number: 80, name, protocol: 'HTTP', targetPort },
  };
}
