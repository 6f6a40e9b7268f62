// The fields of the filter, and a counter for each outcome that also filters by it.
import { element, fill } from '../../kit/page/element.ts';
import { l10n } from '../../kit/page/texts.ts';
import { outcomes, type LogFilter, type Outcome } from '../filter.ts';

interface FilterBar {
  readonly element: HTMLElement;
  readonly count: (counts: Readonly<Record<Outcome, number>>) => void;
}

export const marks: Readonly<Record<Outcome, string>> = { answered: '✓', connected: '↔', denied: '✕', failed: '!' };

export function outcomeText(outcome: Outcome): string {
  switch (outcome) {
    case 'answered':
      return l10n.t('answered');
    case 'connected':
      return l10n.t('connected');
    case 'denied':
      return l10n.t('denied');
    case 'failed':
      return l10n.t('failed');
  }
}

export function filterBar(start: LogFilter, changed: (filter: LogFilter) => void): FilterBar {
  let filter = start;
  const change = (part: Partial<LogFilter>): void => {
    filter = { ...filter, ...part };
    changed(filter);
  };
  const field = (name: 'host' | 'status' | 'flag' | 'policy', label: string) => {
    const input = element('input', {
      id: name,
      type: 'search',
      class: name,
      value: start[name],
      placeholder: l10n.t('any'),
      on: { input: () => change({ [name]: input.value }) },
    });
    return element('label', { class: 'field', for: name }, element('span', {}, label), input);
  };
  const buttons = new Map(
    outcomes.map((outcome) => [
      outcome,
      element('button', {
        type: 'button',
        class: `counter ${outcome}`,
        on: { click: () => change({ outcome: filter.outcome === outcome ? '' : outcome }) },
      }),
    ]),
  );
  return {
    element: element(
      'div',
      { class: 'filter', role: 'group', 'aria-label': l10n.t('Filter') },
      field('host', l10n.t('Host')),
      field('status', l10n.t('Status')),
      field('flag', l10n.t('Flag')),
      field('policy', l10n.t('Policy')),
      element('div', { class: 'counters' }, [...buttons.values()]),
    ),
    count(counts) {
      for (const [outcome, button] of buttons) {
        button.setAttribute('aria-pressed', String(filter.outcome === outcome));
        fill(
          button,
          element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[outcome]),
          `${outcomeText(outcome)} ${counts[outcome]}`,
        );
      }
    },
  };
}
