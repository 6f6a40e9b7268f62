// What lines and marks of the map mean.
import { element, svgElement } from '../../kit/page/element.ts';

export function legend(): HTMLElement {
  const lines = [
    ['all', 'all requests'],
    ['some', 'some requests'],
    ['none', 'denied or not possible'],
    ['undetermined', 'undetermined'],
    ['all bypasses', 'past its gateway'],
  ] as const;
  return element(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    lines.map(([kind, words]) =>
      element(
        'li',
        {},
        svgElement(
          'svg',
          { width: 30, height: 10, class: kind, 'aria-hidden': 'true' },
          svgElement('path', { class: 'line', d: 'M1 5h28' }),
        ),
        words,
      ),
    ),
  );
}
