// Hosts of which the proxy on the way writes no access log, as far as the files show.
import type { Mesh } from '../../mesh/mesh.ts';
import { placeText, unmetOf, type Place, type UnmetAtHost } from './place.ts';
import { logOfPlace } from './states.ts';

/** What passes no proxy is for `throughGateway` to report. */
export function unlogged(mesh: Mesh, places: readonly Place[]): readonly UnmetAtHost[] {
  return places.flatMap((place) => {
    switch (logOfPlace(mesh, place)) {
      case 'not-logged':
        return [
          unmetOf(
            'logged',
            place,
            `Requests to ${placeText(place)} are not logged: nothing asks its proxy for an access log.`,
          ),
        ];
      case 'unknown':
        return [unmetOf('logged', place, `These files do not show that requests to ${placeText(place)} are logged.`)];
      default:
        return [];
    }
  });
}
