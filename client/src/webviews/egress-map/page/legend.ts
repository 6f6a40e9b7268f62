// What lines and marks of the map mean.
import { element, svgElement } from '../../kit/page/element.ts';
import { l10n } from '../../kit/page/texts.ts';

export function legend(): HTMLElement {
  const lines = [
    ['all', l10n.t('all requests')],
    ['some', l10n.t('some requests')],
    ['none', l10n.t('denied or not possible')],
    ['undetermined', l10n.t('undetermined')],
    ['all bypasses', l10n.t('past its waypoint')],
  ] as const;
  return element(
    'ul',
    { class: 'legend', 'aria-label': l10n.t('Legend') },
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
