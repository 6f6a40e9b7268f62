// The controls above the map: what is shown, what of it, and how.
import type { GraphFilter } from '../../../../../server/src/diagram/filter.ts';
import type { Verdict } from '../../../../../server/src/diagram/graph.ts';
import { element, fill } from '../../kit/page/element.ts';
import type { MapState } from './state.ts';

export interface ToolbarActions {
  readonly change: (change: Partial<MapState>) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly save: (format: 'svg' | 'png') => void;
}

export interface Sources {
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string;
  readonly namespaces: readonly string[];
}

export interface Toolbar {
  readonly element: HTMLElement;
  readonly update: (sources: Sources, state: MapState) => void;
}

/** The controls stay the same elements, so that the focus stays where it is. */
export function toolbar(actions: ToolbarActions, now: () => MapState): Toolbar {
  const filter = (change: Partial<GraphFilter>) => actions.change({ filter: { ...now().filter, ...change } });
  const source = select('Show', (value) => actions.change({ source: value, viewport: null }));
  const namespace = select('Client namespace', (value) => filter({ namespaces: value === '' ? [] : [value] }));
  const verdict = select('Access', (value) => filter({ verdicts: value === '' ? [] : [value as Verdict] }));
  const search = element('input', {
    type: 'search',
    placeholder: 'Client, gateway or host',
    'aria-label': 'Search',
  });
  search.addEventListener('input', () => filter({ text: search.value }));
  const direct = checkbox('Without a gateway', (onlyWithoutGateway) => filter({ onlyWithoutGateway }));
  const withFindings = checkbox('With findings', (onlyWithFindings) => filter({ onlyWithFindings }));
  const asTable = button('Table', () => actions.change({ asTable: !now().asTable }));
  const ofPicture = [
    button('−', () => actions.zoom(1 / 1.25), 'Zoom out'),
    button('+', () => actions.zoom(1.25), 'Zoom in'),
    button('Fit', actions.fit, 'Fit the whole picture'),
    button('SVG', () => actions.save('svg'), 'Save the picture as SVG'),
    button('PNG', () => actions.save('png'), 'Save the picture as PNG'),
  ];
  return {
    element: element(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': 'What the map shows' },
      source.label,
      search,
      namespace.label,
      verdict.label,
      direct.label,
      withFindings.label,
      element('span', { class: 'buttons' }, asTable, ofPicture),
    ),
    update({ choices, chosen, namespaces }, state) {
      const any = { id: '', name: 'any' };
      setChoices(source.select, choices, chosen);
      setChoices(
        namespace.select,
        [any, ...namespaces.map((name) => ({ id: name, name: name === '*' ? 'all other clients' : name }))],
        state.filter.namespaces[0] ?? '',
      );
      setChoices(verdict.select, [any, ...verdictChoices()], state.filter.verdicts[0] ?? '');
      if (search.value !== state.filter.text) search.value = state.filter.text;
      direct.input.checked = state.filter.onlyWithoutGateway;
      withFindings.input.checked = state.filter.onlyWithFindings;
      asTable.setAttribute('aria-pressed', String(state.asTable));
      for (const one of ofPicture) one.disabled = state.asTable;
    },
  };
}

function verdictChoices(): Sources['choices'] {
  return [
    { id: 'all', name: 'all requests' },
    { id: 'some', name: 'some requests' },
    { id: 'none', name: 'denied' },
    { id: 'undetermined', name: 'undetermined' },
  ];
}

function select(title: string, chosen: (value: string) => void) {
  const made = element('select');
  made.addEventListener('change', () => chosen(made.value));
  return { select: made, label: element('label', {}, `${title} `, made) };
}

/** Nothing is drawn again where nothing changed: an open list would close. */
function setChoices(select: HTMLSelectElement, choices: Sources['choices'], chosen: string): void {
  const shown = [...select.options].map(({ value, text }) => `${value}\n${text}`).join('\n');
  if (shown !== choices.map(({ id, name }) => `${id}\n${name}`).join('\n'))
    fill(
      select,
      choices.map(({ id, name }) => element('option', { value: id }, name)),
    );
  select.value = choices.some(({ id }) => id === chosen) ? chosen : '';
}

function checkbox(title: string, changed: (checked: boolean) => void) {
  const input = element('input', { type: 'checkbox' });
  input.addEventListener('change', () => changed(input.checked));
  return { input, label: element('label', {}, input, ` ${title}`) };
}

function button(text: string, click: () => void, spoken?: string): HTMLButtonElement {
  return element(
    'button',
    {
      type: 'button',
      class: 'secondary',
      on: { click },
      ...(spoken !== undefined && { 'aria-label': spoken, title: spoken }),
    },
    text,
  );
}
