// The places that decide a connection, each a link, and how many more there are.
import type { GraphEdge } from '../../../../../server/src/diagram/graph.ts';
import { element, type Child } from '../../kit/page/element.ts';
import type { Place } from '../protocol.ts';

export function placesOf(
  { because, becauseMore }: GraphEdge<Place>,
  link: (place: Place) => Child,
): readonly HTMLElement[] {
  const links = because.map((place) => element('div', {}, link(place)));
  return becauseMore === undefined ? links : [...links, element('div', { class: 'soft' }, `and ${becauseMore} more`)];
}
