// Hosts of which the proxy on the way writes no access log, as far as the files show.
import type { Mesh } from '../../mesh/mesh.ts';
import { accessLogFor } from '../../mesh/telemetry/telemetry-in-scope.ts';
import { placeText, unmetOf, type Place, type UnmetAtHost } from './place.ts';

/** What passes no proxy is for `throughGateway` to report. */
export function unlogged(mesh: Mesh, places: readonly Place[]): readonly UnmetAtHost[] {
  return places.flatMap((place) => {
    const states = new Set(place.rows.map((row) => stateOf(mesh, place, row)));
    if (states.has('not-logged'))
      return [
        unmetOf(
          'logged',
          place,
          `Requests to ${placeText(place)} are not logged: nothing asks its proxy for an access log.`,
        ),
      ];
    return states.has('unknown')
      ? [unmetOf('logged', place, `These files do not show that requests to ${placeText(place)} are logged.`)]
      : [];
  });
}

function stateOf(
  mesh: Mesh,
  { entry }: Place,
  { via, proxy }: Place['rows'][number],
): 'logged' | 'not-logged' | 'unknown' | 'no-proxy' {
  if (via === 'direct') return 'no-proxy';
  const waypoint = via === 'waypoint' && proxy ? mesh.named('Gateway', proxy.namespace, proxy.name)[0] : undefined;
  if (waypoint) return accessLogFor(mesh, entry, waypoint).state;
  return mesh.settings.accessLogFile === '' ? 'unknown' : 'logged';
}
