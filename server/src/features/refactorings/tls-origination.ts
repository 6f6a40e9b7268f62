// Who speaks TLS to an external host: the client, and the waypoint passes it through; or the waypoint, and the client sends plain HTTP.
import type { Draft } from '../../engine/draft.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { tlsOfRule, upstreamTls } from '../../mesh/destination-rules/upstream-tls.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import {
  arrivesInPlaintext,
  arrivesInTls,
  expectsTls,
  isExternal,
  targetPortsOf,
} from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ClientTls, ServiceEntryPort } from '../../model/specs.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Change } from '../../rules/rule.ts';
import { tlsBlocksOf } from '../../rules/tls/faults/faults-of-rule.ts';
import { plaintextOf } from '../../rules/tls/faults/plaintext.ts';
import { copyOf } from '../../rules/tls/repairs/origination.ts';
import { repairsOf } from '../../rules/tls/repairs/plaintext-repairs.ts';
import { narrowing, removing } from '../../rules/tls/repairs/remove-tls.ts';
import { followNames } from './follow-names.ts';
import { findAgain, type Offer, type Refactoring } from './refactoring.ts';

type Entry = Resource<'ServiceEntry'>;

export const tlsOrigination: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh }) {
    if (subject.kind !== 'ServiceEntry' || !isExternal(subject) || subject.spec.hosts.length === 0) return;
    // A waypoint originates TLS to a name or an endpoint; without resolution it does not dial another port.
    if (bindWaypoint(mesh, subject).state !== 'bound' || (subject.spec.resolution?.value ?? 'NONE') === 'NONE') return;
    for (const port of subject.spec.ports) yield* offersFor(mesh, subject, port);
  },
};

function* offersFor(mesh: Mesh, entry: Entry, port: ServiceEntryPort): Iterable<Offer> {
  const [target, ...others] = targetPortsOf(entry, port).map(({ number }) => number);
  if (target === undefined || others.length > 0) return;
  const isFree = (number: number) => entry.spec.ports.every((one) => one === port || one.number?.value !== number);
  const move = (number: number, protocol: string): Move => ({ from: port.number!.value, to: number, target, protocol });
  if (arrivesInTls(port) && expectsTls(target) && isFree(80))
    yield {
      title: `Originate TLS at the waypoint instead of passing port ${port.number!.value} through`,
      perform: (draft) => originate(draft, entry, move(80, 'HTTP')),
    };
  if (protocolKind(port.protocol?.value) === 'http' && isFree(target) && isOriginated(mesh, entry, port))
    yield {
      title: `Pass TLS through to port ${target} instead of originating it for port ${port.number!.value}`,
      perform: (draft) => passThrough(draft, entry, move(target, 'TLS')),
    };
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly target: number;
  readonly protocol: string;
}

function originate(draft: Draft, entry: Entry, move: Move): readonly string[] | undefined {
  followPort(draft, entry, move);
  if (!movePort(draft, entry, move)) return undefined;
  for (const _ of entry.spec.hosts) {
    const now = findAgain(draft, entry);
    const [first] = now ? plaintextAt(draft, now, move.to) : [];
    if (!now || !first) break;
    const found = plaintextAt(draft, now, move.to).filter(
      ({ cause, rule }) => cause === first.cause && rule === first.rule,
    );
    const [repair] = repairsOf({ mesh: draft.writtenMesh, entry: now, found: [first, ...found.slice(1)] });
    if (!repair || !draft.apply(repair.changes)) return undefined;
  }
  return isDone(draft, entry, move.to, true) ? [] : undefined;
}

function plaintextAt(draft: Draft, entry: Entry, number: number): ReturnType<typeof plaintextOf> {
  return plaintextOf(draft.writtenMesh, entry).filter(({ port }) => port.number?.value === number);
}

function passThrough(draft: Draft, entry: Entry, move: Move): readonly string[] | undefined {
  followPort(draft, entry, move);
  if (!movePort(draft, entry, move)) return undefined;
  for (const host of hostsOfEntry(entry)) {
    const now = findAgain(draft, entry);
    const port = now && portOf(now, move.to);
    const tls = port && upstreamTls(draft.writtenMesh, now, port, host);
    if (tls?.state !== 'originated') continue;
    const changes =
      tls.source.by === 'DestinationRule'
        ? withoutTls(draft.writtenMesh, now!, tls.source.rule, tls.source.tls)
        : undefined;
    if (!changes || !draft.apply(changes)) return undefined;
  }
  return isDone(draft, entry, move.to, false) ? [] : undefined;
}

/** A rule for other hosts as well is not touched. The plaintext ports that are left keep their TLS. */
function withoutTls(
  mesh: Mesh,
  entry: Entry,
  rule: Resource<'DestinationRule'>,
  tls: ClientTls,
): readonly Change[] | undefined {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  const block = tlsBlocksOf(rule).find((one) => one.tls === tls);
  if (!block || !hostsOfEntry(entry).some((own) => normalizeHost(own) === host)) return undefined;
  const plain = entry.spec.ports.filter(
    (port) => arrivesInPlaintext(port) && tlsOfRule(rule, port.number?.value ?? 0).tls === tls,
  );
  return plain.length > 0 && block.port === undefined
    ? narrowing(
        rule,
        plain.map(({ number }) => number!.value),
        copyOf(tls),
      )
    : removing(rule, block);
}

/** By rules for these hosts: one for others as well is not touched. */
function isOriginated(mesh: Mesh, entry: Entry, port: ServiceEntryPort): boolean {
  const hosts = hostsOfEntry(entry);
  return hosts.every((host) => {
    const tls = upstreamTls(mesh, entry, port, host);
    if (tls.state !== 'originated' || tls.mode !== 'SIMPLE' || tls.source.by !== 'DestinationRule') return false;
    const named = ruleHost(tls.source.rule, mesh.settings.clusterDomain);
    return hosts.some((own) => normalizeHost(own) === named);
  });
}

function isDone(draft: Draft, entry: Entry, number: number, isWanted: boolean): boolean {
  const now = findAgain(draft, entry);
  const port = now && portOf(now, number);
  return (
    port !== undefined &&
    hostsOfEntry(now!).every(
      (host) => (upstreamTls(draft.writtenMesh, now!, port, host).state === 'originated') === isWanted,
    )
  );
}

function portOf({ spec }: Entry, number: number): ServiceEntryPort | undefined {
  return spec.ports.find((port) => port.number?.value === number);
}

/** Policies, rules and routes that name the port of these hosts. */
function followPort(draft: Draft, entry: Entry, { from, to }: Move): void {
  const entities = entry.spec.hosts.map(
    ({ value }) => ({ type: 'port', host: normalizeHost(value), number: from }) as const,
  );
  followNames(draft, entities, String(to), ({ kind }) => kind !== 'ServiceEntry');
}

/** The port's name says its protocol; endpoints know the port by it. */
function movePort(draft: Draft, entry: Entry, { from, to, target, protocol }: Move): boolean {
  const now = findAgain(draft, entry);
  const port = now && portOf(now, from);
  if (!now || !port) return false;
  const path = ['spec', 'ports', port.index];
  const name = port.name?.value;
  const renamed = name?.replace(/^(?:https?|tls)(?=$|-)/, protocol.toLowerCase());
  const isTaken = now.spec.ports.some((other) => other !== port && other.name?.value === renamed);
  const overriding = now.spec.endpoints.flatMap(({ ports }, i) => (name !== undefined && ports.has(name) ? [i] : []));
  const changes: Change[] = [
    { op: 'set', in: now, path: [...path, 'number'], value: to },
    { op: 'set', in: now, path: [...path, 'protocol'], value: protocol },
  ];
  if (to !== target && overriding.length === 0)
    changes.push({ op: 'set', in: now, path: [...path, 'targetPort'], value: target });
  if (to === target && port.targetPort) changes.push({ op: 'remove', in: now, path: [...path, 'targetPort'] });
  if (renamed !== undefined && renamed !== name && !isTaken) {
    changes.push({ op: 'set', in: now, path: [...path, 'name'], value: renamed });
    for (const i of overriding)
      changes.push({ op: 'rename-key', in: now, path: ['spec', 'endpoints', i, 'ports', name!], key: renamed });
  }
  return draft.apply(changes);
}
