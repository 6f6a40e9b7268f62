// One line of the log: what happened, its fields explained, the manifests behind it, and what can be done.
import { element, type Child } from '../../kit/page/element.ts';
import type { LogDetails } from '../protocol.ts';

interface DetailActions {
  readonly open: (link: LogDetails['links'][number]) => void;
  readonly propose: () => void;
  readonly declare: () => void;
}

export function detailsOf(details: LogDetails, { open, propose, declare }: DetailActions): Child {
  const { summary, line, fields, notes, links, proposal, unknownHost } = details;
  return [
    element('h2', {}, summary),
    element(
      'div',
      { class: 'actions' },
      proposal === null
        ? undefined
        : element('button', { type: 'button', title: proposal, on: { click: propose } }, 'Propose Policy'),
      unknownHost === null
        ? undefined
        : element('button', { type: 'button', on: { click: declare } }, `Make ServiceEntry for ${unknownHost}`),
    ),
    notes.map((note) => element('p', {}, note)),
    links.length === 0
      ? undefined
      : element(
          'ul',
          { class: 'links' },
          links.map((link) =>
            element(
              'li',
              {},
              element('button', { type: 'button', class: 'link', on: { click: () => open(link) } }, link.label),
              ` ${link.message}`,
            ),
          ),
        ),
    element(
      'dl',
      {},
      fields.map(({ name, value, meaning }) => [
        element('dt', {}, name, ' ', element('code', {}, value)),
        meaning === '' ? undefined : element('dd', {}, meaning),
      ]),
    ),
    element('p', { class: 'line' }, element('code', {}, line)),
  ];
}
