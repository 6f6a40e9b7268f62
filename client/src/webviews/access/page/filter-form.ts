// The fields of the filter.
import { element } from '../../kit/page/element.ts';
import type { Filter } from '../filter.ts';
import { accesses, accessText } from './access-text.ts';

export interface FilterForm {
  readonly element: HTMLElement;
  readonly set: (filter: Filter) => void;
}

export function filterForm(start: Filter, changed: (filter: Filter) => void): FilterForm {
  const host = element('input', { id: 'host', type: 'search', placeholder: 'any', value: start.host });
  const client = element('input', { id: 'client', type: 'search', placeholder: 'any', value: start.client });
  const access = element(
    'select',
    { id: 'access' },
    element('option', { value: '' }, 'any'),
    accesses.map((one) => element('option', { value: one, selected: one === start.access }, accessText(one))),
  );
  const input = (): void => changed({ host: host.value, client: client.value, access: access.value });
  const form = element(
    'div',
    { class: 'filter', role: 'group', 'aria-label': 'Filter', on: { input } },
    labelled('Host', host),
    labelled('Client', client),
    labelled('Access', access),
  );
  return {
    element: form,
    set(filter) {
      host.value = filter.host;
      client.value = filter.client;
      access.value = filter.access;
      changed(filter);
    },
  };
}

function labelled(text: string, field: HTMLElement): HTMLElement {
  return element('label', { class: 'field', for: field.id }, element('span', {}, text), field);
}
