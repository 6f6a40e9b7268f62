// The ServiceEntries of a classic set name the waypoint, and their ports lead where the egress gateway has sent requests.
import type { Mesh } from '../../../mesh/mesh.ts';
import { portOf } from '../../../mesh/routes/chain-of-port.ts';
import type { Resource } from '../../../model/resource.ts';
import { bindTo, waypointManifest } from '../../../rules/shared/written-manifests.ts';
import type { Change } from '../../../rules/rule.ts';
import { waypointsOf } from './waypoints-of.ts';
import type { ClassicSet, ClassicWay } from './classic-set.ts';

type Entry = Resource<'ServiceEntry'>;

export function bindEntry(set: ClassicSet, entry: Entry, waypoint: string): readonly Change[] {
  return [...bindTo(entry, { namespace: entry.namespace, name: waypoint }), ...portsOf(set, entry)];
}

/** A waypoint in the namespace of the entry, where there is none. */
export function createWaypoint(mesh: Mesh, entry: Entry, waypoint: string): readonly Change[] {
  const { namespace } = entry;
  if (waypointsOf(mesh, namespace).includes(waypoint)) return [];
  const manifest = waypointManifest(waypoint, namespace, []);
  return [{ op: 'create-file', beside: entry, fileName: `${waypoint}.yaml`, manifest }];
}

/** What clients call leads to where the gateway connects. */
function portsOf(set: ClassicSet, entry: Entry): readonly Change[] {
  const ways = set.ways.filter((way) => way.entry === entry);
  const called = new Set(ways.map(({ request }) => request.port));
  return [...called].flatMap((port) => {
    const way = ways.find(({ request }) => request.port === port)!;
    return portChanges(entry, port, way);
  });
}

function portChanges(entry: Entry, called: number, { request, targetPort }: ClassicWay): readonly Change[] {
  const { ports } = entry.spec;
  const port = portOf(entry, called);
  const value = targetPort;
  if (port) {
    const now = port.targetPort?.value ?? called;
    const path = ['spec', 'ports', ports.indexOf(port), 'targetPort'];
    return now === value ? [] : [{ op: 'set', in: entry, path, value }];
  }
  // On port 80 a route needs no port of the entry; a waypoint does.
  const protocol = request.scheme === 'http' ? 'HTTP' : 'TLS';
  const item = { number: called, name: `${protocol.toLowerCase()}-${called}`, protocol, targetPort: value };
  return [{ op: 'set', in: entry, path: ['spec', 'ports', ports.length], value: item }];
}
