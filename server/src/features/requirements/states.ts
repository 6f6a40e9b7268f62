// What the rows of the access table show of a host and port: the way to it, its encryption, who may call, and its access log.
import type { Mesh } from '../../mesh/mesh.ts';
import { accessLogFor } from '../../mesh/telemetry/telemetry-in-scope.ts';
import type { Place } from './place.ts';

type Rows = Pick<Place, 'rows'>;

export function rowsPastGateways({ rows }: Rows): Place['rows'] {
  return rows.filter(({ via }) => via === 'direct');
}

/** The least that some client gets. `none`: no request arrives. */
export function tlsOfPlace({ rows }: Rows): 'plain' | 'unknown' | 'originated' | 'passThrough' | 'none' {
  const kinds = new Set(rows.map(({ tls }) => tls ?? 'unknown'));
  if (kinds.has('plain')) return 'plain';
  if (kinds.has('unknown')) return 'unknown';
  if (kinds.has('originated') || kinds.has('mutual')) return 'originated';
  return kinds.has('pass-through') ? 'passThrough' : 'none';
}

/** Whether a client of which the files say nothing may call. */
export function callersOfPlace({ rows }: Rows): 'restricted' | 'all' | 'unknown' {
  const others = rows.find(({ from }) => from === '*');
  if (!others) return 'restricted';
  if (others.access === 'undetermined') return 'unknown';
  return others.access === 'all' || others.operations.some(({ when }) => when.length === 0) ? 'all' : 'restricted';
}

/** The least that some client gets; those that pass no proxy count only where all do. */
export function logOfPlace(
  mesh: Mesh,
  { entry, rows }: Pick<Place, 'entry' | 'rows'>,
): 'logged' | 'not-logged' | 'unknown' | 'no-proxy' {
  const states = new Set(rows.map((row) => logOfRow(mesh, entry, row)));
  return (['not-logged', 'unknown', 'logged'] as const).find((state) => states.has(state)) ?? 'no-proxy';
}

function logOfRow(
  mesh: Mesh,
  entry: Place['entry'],
  { via, proxy }: Place['rows'][number],
): 'logged' | 'not-logged' | 'unknown' | 'no-proxy' {
  if (via === 'direct') return 'no-proxy';
  const waypoint = via === 'waypoint' && proxy ? mesh.named('Gateway', proxy.namespace, proxy.name)[0] : undefined;
  if (waypoint) return accessLogFor(mesh, entry, waypoint).state;
  return mesh.settings.accessLogFile === '' ? 'unknown' : 'logged';
}
