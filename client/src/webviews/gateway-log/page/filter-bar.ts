// The fields of the filter, and a counter for each outcome that also filters by it.
import { element, fill } from '../../kit/page/element.ts';
import { outcomes, type LogFilter, type Outcome } from '../filter.ts';

interface FilterBar {
  readonly element: HTMLElement;
  readonly count: (counts: Readonly<Record<Outcome, number>>) => void;
}

export const marks: Readonly<Record<Outcome, string>> = { answered: '✓', connected: '↔', denied: '✕', failed: '!' };

export function outcomeText(outcome: Outcome): string {
  switch (outcome) {
    case 'answered':
      return 'answered';
    case 'connected':
      return 'connected';
    case 'denied':
      return 'denied';
    case 'failed':
      return 'failed';
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
      placeholder: 'any',
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
      { class: 'filter', role: 'group', 'aria-label': 'Filter' },
      field('host', 'Host'),
      field('status', 'Status'),
      field('flag', 'Flag'),
      field('policy', 'Policy'),
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
