import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { shareHost } from '../../mesh/hosts/hosts-of-entry.ts';
import { takesWholePort } from '../../mesh/hosts/whole-port.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { isAmbientHere, isIntendedForAmbient } from '../shared/intent.ts';

type Entry = Resource<'ServiceEntry'>;

interface Data {
  /** Index of a port that could have the protocol TLS; undefined where that is not the way out. */
  readonly tls: number | undefined;
}

export const tcpPortWithoutAddress = defineRule({
  id: 'tcp-port-without-address',
  stage: 'capture',
  summary:
    'Sidecars send all traffic on a TCP port to one host, because its ServiceEntry lists no address; traffic to other hosts ends there.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0134'],
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Namespace', 'Pod', 'Workload', 'Gateway', 'GatewayClass'],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    // What is refused has its own finding, and is not in the mesh.
    if (entry.refused || isForAmbient(mesh, entry)) return;
    // Where no file shows sidecars, it holds only for clients that have one.
    const severity = couldHaveSidecars(mesh, entry.namespace) ? 'warning' : 'information';
    for (const [index, port] of entry.spec.ports.entries()) {
      if (port.number && takesWholePort(mesh, entry, port)) yield* onPort(mesh, entry, { port, index, severity });
    }
  },

  *fixes({ tls }, entry) {
    if (tls === undefined) return;
    yield {
      title: 'Set protocol: TLS, so that the server name selects the host',
      safety: 'unsafe',
      changes: [{ op: 'set', in: entry, path: ['spec', 'ports', tls, 'protocol'], value: 'TLS' }],
    };
  },
});

interface OnPort {
  readonly port: ServiceEntryPort;
  readonly index: number;
  readonly severity: 'warning' | 'information';
}

/** On 443 nearly every other host is called too; on another port another entry shows it, or nothing in the files. */
function* onPort(mesh: Mesh, entry: Entry, { port, index, severity }: OnPort): Iterable<RuleFinding<Data>> {
  const number = port.number!.value;
  const rival = rivalOf(mesh, entry, port, (other) => keyOf(other) < keyOf(entry));
  const isAlone = !rival && number !== 443;
  // Where nothing shows sidecars it would be about most databases.
  if (isAlone && (severity !== 'warning' || rivalOf(mesh, entry, port, (other) => keyOf(other) > keyOf(entry)))) return;
  const host = entry.spec.hosts[0]?.value ?? entry.name;
  yield {
    at: (port.protocol ?? port.number!).span,
    message: rival
      ? `Sidecars send all TCP traffic on port ${number} to one host, whatever address the client calls: neither ${host} nor ${describe(rival)} lists an address, so only the one created first is used.`
      : `Sidecars send all traffic on port ${number} that no other ServiceEntry takes to ${host}, whatever host the client calls: the port is ${port.protocol?.value ?? 'without a protocol'}, and no address is listed.`,
    related: rival
      ? [{ resource: rival, at: rival.at.name, message: `${describe(rival)} has port ${number} without an address.` }]
      : [],
    data: { tls: number === 443 ? index : undefined },
    severity: isAlone ? 'information' : severity,
  };
}

/** Of several that clients here can see the later by name reports. */
function rivalOf(
  mesh: Mesh,
  entry: Entry,
  port: ServiceEntryPort,
  isWanted: (other: Entry) => boolean,
): Entry | undefined {
  if (!isTcp(port)) return undefined;
  return rivalsOn(mesh, port.number!.value).find(
    (other) =>
      isWanted(other) &&
      !shareHost(entry, other) &&
      (other.namespace === entry.namespace || isExportedTo(mesh, other, entry.namespace)),
  );
}

/** One list for all of them: each team can have its database on the same port. */
function rivalsOn(mesh: Mesh, number: number): readonly Entry[] {
  return mesh.derived(`TCP without an address on ${number}`, (view) =>
    view
      .entriesOnTcpPort(number)
      .filter(
        (entry) =>
          !isForAmbient(view, entry) &&
          entry.spec.ports.some(
            (one) => one.number?.value === number && takesWholePort(view, entry, one) && isTcp(one),
          ),
      ),
  );
}

/** Also by a waypoint beside it. */
function isForAmbient(mesh: Mesh, entry: Entry): boolean {
  return isIntendedForAmbient(mesh, entry) || isAmbientHere(mesh, entry);
}

/** Ports whose protocol is detected tell hosts of HTTP apart. */
function isTcp({ protocol }: ServiceEntryPort): boolean {
  return protocolKind(protocol?.value) === 'tcp';
}

function keyOf({ namespace, name }: Entry): string {
  return `${namespace}/${name}`;
}
