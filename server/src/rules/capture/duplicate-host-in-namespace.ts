import { firstRelated, mostRelated } from '../../base/and-more.ts';
import { namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { areMerged, portNumbers } from '../../mesh/hosts/owners-at-proxy.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { useWaypoint } from '../../model/label-names.ts';
import { earlierBeside, type OtherEntries } from '../shared/entries-of-host.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { portConflict } from '../shared/port-conflict.ts';
import { defineRule, type Change, type Fix, type Plain } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export const duplicateHostInNamespace = defineRule({
  id: 'duplicate-host-in-namespace',
  stage: 'capture',
  summary:
    'Two ServiceEntries of one namespace have the same host: ambient clients, and sidecars where they differ, reach only the one that was created first.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA1211'],
  subjects: ['ServiceEntry'],
  inputs: bindingInputs,

  *check(entry, mesh) {
    const reported = new Set<string>();
    for (const host of entry.spec.hosts) {
      const { shown, count } = othersWith(mesh, entry, host.value);
      const isLarge = count > mostAlone;
      for (const others of isLarge ? [shown] : shown.map((other) => [other])) {
        const [other] = others;
        if (!other || reported.has(other.name)) continue;
        reported.add(other.name);
        yield {
          at: host.span,
          message: messageOf(mesh, entry, other, `${namesOf(others, isLarge ? count : 1)} the host ${host.value} too`),
          related: firstRelated(
            others.map((one) => ({ resource: one, at: one.at.name, message: `${describe(one)} has the same host.` })),
            isLarge ? count : 1,
          ),
          data: { other: other.name },
        };
      }
    }
  },

  *fixes({ other: name }, entry, mesh) {
    const [other, ...more] = mesh.named('ServiceEntry', entry.namespace, name);
    const fix = other && more.length === 0 ? merge(mesh, entry, other) : undefined;
    if (fix) yield fix;
  },
});

function messageOf(mesh: Mesh, entry: Entry, other: Entry, why: string): string {
  return isForAmbient(mesh, entry, other)
    ? `Ambient clients reach only the ports of one ServiceEntry, the one created first: ${why}.`
    : `Sidecars and egress gateways use the ports of only one ServiceEntry, the one created first: ${why}, and ports are put together only where resolution, labels, exportTo and workloadSelector are equal.`;
}

function isForAmbient(mesh: Mesh, entry: Entry, other: Entry): boolean {
  return isIntendedForAmbient(mesh, entry) || isIntendedForAmbient(mesh, other);
}

/** Some of the ports have a listener and no cluster. server/docs/istio-semantics-classic.md §B.22, §B.23, §L.50. */
function isSplitAtSidecars(mesh: Mesh, entry: Entry, other: Entry): boolean {
  if (namespacesJoining(mesh, 'sidecar').length === 0 || areMerged(entry, other)) return false;
  const [own, its] = [portNumbers(entry), portNumbers(other)];
  return own.some((port) => !its.includes(port)) || its.some((port) => !own.includes(port));
}

/** Of a pair the one whose name comes later reports, so that it is reported once. Copies of one name are another fault. */
function othersWith(mesh: Mesh, entry: Entry, host: string): OtherEntries {
  const holds = (other: Entry) =>
    !portConflict(entry, other) &&
    (isForAmbient(mesh, entry, other)
      ? [entry, other].some((one) => canBeReached(mesh, one, host))
      : isSplitAtSidecars(mesh, entry, other));
  return earlierBeside(mesh, entry, host, holds, mostRelated);
}

/** More than these are reported together. */
const mostAlone = 5;

function namesOf(shown: readonly Entry[], count: number): string {
  if (count === 1) return `${describe(shown[0]!)} has`;
  return `${shown.slice(0, 2).map(describe).join(', ')} and ${count - 2} more have`;
}

/** Without an address in the mesh, ambient clients reach the host by none of its entries. */
function canBeReached(mesh: Mesh, entry: Entry, host: string): boolean {
  const address = virtualAddress(mesh, entry, host);
  return address.state !== 'none' || address.reason === 'cidr-only';
}

/** Only where nothing is lost: equal but for ports, and nothing else names the entry that goes. */
function merge(mesh: Mesh, entry: Entry, other: Entry): Fix | undefined {
  if (entry.listIndex !== undefined || essence(entry) !== essence(other)) return undefined;
  if (
    mesh.targeting('ServiceEntry', entry.namespace, entry.name).length > 0 ||
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).length > 0
  )
    return undefined;
  const clash = entry.spec.ports.some((port) =>
    other.spec.ports.some((its) => its.number?.value === port.number?.value || its.name?.value === port.name?.value),
  );
  if (clash) return undefined;
  const changes = entry.spec.ports.map(
    (port): Change => ({ op: 'append', in: other, path: ['spec', 'ports'], value: asPlain(port) }),
  );
  return {
    title: `Merge into ${describe(other)}`,
    safety: 'unsafe',
    changes: [...changes, { op: 'remove-document', in: entry }],
  };
}

function essence({ spec, labels }: Entry): string {
  const { hosts, addresses, endpoints, exportTo } = spec;
  const values = (fields: readonly { readonly value: string }[] | undefined) =>
    fields?.map(({ value }) => value).sort();
  return JSON.stringify([
    values(hosts),
    values(addresses),
    values(exportTo),
    endpoints,
    spec.resolution?.value,
    spec.location?.value,
    labels.get(useWaypoint)?.value,
  ]);
}

function asPlain({ number, name, protocol, targetPort }: ServiceEntryPort): Plain {
  const fields = { number: number?.value, name: name?.value, protocol: protocol?.value, targetPort: targetPort?.value };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
