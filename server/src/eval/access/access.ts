// Who may call what: every subject, host and port of the manifests.
import type { Mesh, HostOwner } from '../../mesh/mesh.ts';
import { clientMode } from '../../mesh/client-mode.ts';
import { normalizeHost, protocolKind } from '../../mesh/hosts.ts';
import { serviceForClient } from '../../mesh/service-for-client.ts';
import { since } from '../../mesh/settings.ts';
import { bindWaypoint } from '../../mesh/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { judgeDoor, type Judgement } from './at-waypoint.ts';
import { sameOperations, type AccessRow } from './row.ts';
import { subjectsOf, type Subject } from './subjects.ts';

type Entry = Resource<'ServiceEntry'>;
type Way = Judgement & Pick<AccessRow, 'via'>;

/** By host, port and subject. Hosts that are Services of the cluster are left out where those are what the client is led to. */
export function accessRows(mesh: Mesh): readonly AccessRow[] {
  const subjects = subjectsOf(mesh).map((subject) => ({ subject, modes: modesOf(mesh, subject) }));
  return doorsOf(mesh).flatMap(({ host, port, entries }) => subjects.flatMap(({ subject, modes }) => {
    const ways = modes.flatMap((mode) => waysOf(mesh, { host, port, entries }, subject, mode));
    return ways.length === 0 ? [] : [{ from: subject, host, port, ...agreed(ways) }];
  }));
}

interface Dialled {
  readonly host: string;
  readonly port: number;
  /** Those that list both. */
  readonly entries: readonly Entry[];
}

function doorsOf(mesh: Mesh): readonly Dialled[] {
  const found = new Map<string, { host: string; port: number; entries: Entry[] }>();
  for (const entry of mesh.all('ServiceEntry'))
    for (const host of new Set(entry.spec.hosts.map(({ value }) => normalizeHost(value))))
      for (const { number, protocol } of entry.spec.ports) {
        // UDP is carried by no waypoint and no ztunnel.
        if (number === undefined || protocolKind(protocol?.value) === 'udp') continue;
        const key = `${host} ${number.value}`;
        const door = found.get(key) ?? { host, port: number.value, entries: [] };
        found.set(key, door);
        if (!door.entries.includes(entry)) door.entries.push(entry);
      }
  return [...found.values()].sort((a, b) => (a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port));
}

type Mode = 'ambient' | 'sidecar' | 'none';

/** How the subject's pods are captured; several where its workloads or manifests differ. */
function modesOf(mesh: Mesh, subject: Subject): readonly Mode[] {
  if (subject === '*') return ['ambient'];
  const { namespace, serviceAccount } = subject;
  const pods = [...mesh.inNamespace('Workload', namespace), ...mesh.inNamespace('Pod', namespace)]
    .filter(({ spec }) => serviceAccount !== undefined && (spec.serviceAccount?.value ?? 'default') === serviceAccount)
    .map(({ spec }) => (spec.hostNetwork ? undefined : new Map([...spec.labels].map(([key, { value }]) => [key, value]))));
  const labels = pods.length > 0 ? pods : [new Map<string, string>()];
  return [...new Set(labels.flatMap((one): readonly Mode[] => {
    // ztunnel takes no hold of pods in the node's network. istio@86c9f01 cni/pkg/util/enablement_selector.go.
    if (one === undefined) return ['none'];
    const { mode } = clientMode(mesh, namespace, one);
    return mode === 'unknown' ? ['ambient', 'none'] : [mode];
  }))];
}

function waysOf(mesh: Mesh, dialled: Dialled, subject: Subject, mode: Mode): readonly Way[] {
  const { host, entries } = dialled;
  if (mode === 'sidecar') return [bySidecar(mesh, entries, subject)];
  const hasNames = mode === 'ambient' && mesh.settings.dnsCapture && since(mesh.settings, '1.25');
  if (!hasNames) return [direct('all', entries)];
  const outcomes = serviceForClient(mesh, host, subject === '*' ? '' : subject.namespace).outcomes;
  return outcomes.flatMap((owner) => wayTo(mesh, owner, dialled, subject));
}

/** Sidecars use no waypoint; what they refuse is not worked out here. */
function bySidecar(mesh: Mesh, entries: readonly Entry[], subject: Subject): Way {
  const homes = [subject === '*' ? '' : subject.namespace, mesh.settings.rootNamespace];
  const open = mesh.settings.outboundTrafficPolicy === 'ALLOW_ANY' && homes.every((namespace) => mesh.inNamespace('Sidecar', namespace).length === 0);
  return direct(open ? 'all' : 'undetermined', entries);
}

function wayTo(mesh: Mesh, owner: HostOwner | undefined, { port, entries }: Dialled, subject: Subject): readonly Way[] {
  if (!owner) return [direct('all', entries)];
  if (owner.resource.kind === 'Service') return [];
  const entry = owner.resource as Entry;
  const binding = bindWaypoint(mesh, entry);
  const ports = entry.spec.ports.filter(({ number, protocol }) => number?.value === port && protocolKind(protocol?.value) !== 'udp');
  const via = binding.state === 'bound' || (binding.state === 'unknown' && binding.label !== undefined) ? 'waypoint' : 'direct';
  // The address that the name leads to is closed on other ports.
  if (ports.length === 0) return [{ via, access: 'none', operations: [], because: [{ resource: entry, span: entry.spec.portsKey ?? entry.at.name }] }];
  if (binding.state === 'unknown') return [{ via, access: 'undetermined', operations: [], because: [{ resource: entry, span: entry.at.name }] }];
  if (binding.state !== 'bound') return [direct('all', [entry])];
  const judged = judgeDoor(mesh, { waypoint: binding.gateway, entry, host: owner.host, port: ports[0]! }, subject);
  const isComplete = [...new Set([entry.namespace, binding.gateway.namespace, mesh.settings.rootNamespace])].every((namespace) => mesh.knows('AuthorizationPolicy', namespace));
  return [{ via, ...(isComplete ? judged : { ...judged, access: 'undetermined' as const, operations: [] }) }];
}

function direct(access: 'all' | 'undetermined', entries: readonly Entry[]): Way {
  return { via: 'direct', access, operations: [], because: entries.map((resource) => ({ resource, span: resource.at.name })) };
}

/** Several ways are one where they come to the same. */
function agreed(ways: readonly Way[]): Way {
  const [first, ...others] = ways;
  if (others.every((way) => way.via === first!.via && way.access === first!.access && sameOperations(way.operations, first!.operations))) return first!;
  const via = ways.some((way) => way.via === 'waypoint') ? 'waypoint' : 'direct';
  return { via, access: 'undetermined', operations: [], because: [...new Map(ways.flatMap(({ because }) => because).map((one) => [`${one.resource.id}:${one.span.start}`, one])).values()] };
}
