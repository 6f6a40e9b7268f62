// The page of the Access view: filters, the matrix, and the reasons of the chosen cell.
import './access.css';
import { object, text } from '../../../../../server/src/lsp/protocol/read.ts';
import { element, fill } from '../../kit/page/element.ts';
import { firstHost, nothing } from '../../kit/page/nothing.ts';
import { startPage } from '../../kit/page/page.ts';
import { accessProtocol, type AccessMatrix } from '../protocol.ts';
import { accesses, accessText, marks } from './access-text.ts';
import { filtered, isEverything, noFilter, type Filter } from '../filter.ts';
import { filterForm } from './filter-form.ts';
import { grid, type Chosen } from './grid.ts';
import { reasonsOf } from './reasons.ts';

startPage({
  protocol: accessProtocol,
  readState: object<Filter>({ host: text, client: text, access: text }),
  initial: noFilter,
  begin({ root, state, keep, post, run }) {
    let matrix: AccessMatrix | undefined;
    let filter = state;
    const summary = element('p', { class: 'summary', role: 'status' });
    const empty = element('div');
    const reasons = element('section', { class: 'reasons', 'aria-label': 'Reasons' });
    const choose = (chosen: Chosen | undefined): void =>
      fill(
        reasons,
        chosen && matrix
          ? reasonsOf(matrix, chosen, {
              open: ({ uri, range }) => post('open', { uri, range }),
              trace: (host, port, from) => post('trace', { host, port: String(port), from }),
            })
          : element('p', { class: 'empty' }, 'Choose a cell to read its reasons.'),
      );
    const table = grid({ choose, open: ({ uri, range }) => post('open', { uri, range }) });
    const draw = (): void => {
      if (!matrix) return;
      const shown = filtered(matrix, filter);
      const isEmpty = matrix.hosts.length === 0;
      root.classList.toggle('is-empty', isEmpty);
      fill(
        empty,
        isEmpty
          ? nothing('Nothing to show: no ServiceEntry in these files declares a host with a port.', firstHost(run))
          : undefined,
      );
      const text = isEmpty
        ? ''
        : `${shown.hosts.length} of ${matrix.hosts.length} hosts and ports, ${shown.clients.length} of ${matrix.clients.length} clients`;
      const note = matrix.isShort
        ? ' The table is large: a client without an answer of its own has that of its namespace or of all other clients.'
        : '';
      fill(summary, `${text}${note} ${matrix.note}`.trim());
      choose(undefined);
      table.show(matrix, shown);
    };
    const form = filterForm(filter, (next) => {
      filter = next;
      keep(filter);
      draw();
    });
    const part = () => {
      if (!matrix || isEverything(filter)) return { hosts: null, clients: null };
      const shown = filtered(matrix, filter);
      return {
        hosts: [...new Set(shown.hosts.map((at) => matrix!.hosts[at]!.host))],
        clients: shown.clients.map((at) => matrix!.clients[at]!.key),
      };
    };
    const button = (label: string, click: () => void) =>
      element('button', { type: 'button', class: 'secondary', on: { click } }, label);
    fill(
      root,
      element('h1', {}, 'Access'),
      element(
        'div',
        { class: 'bar' },
        form.element,
        element(
          'div',
          { class: 'actions' },
          button('Export CSV', () => post('exportCsv', part())),
          button('Export Markdown', () => post('exportMarkdown', part())),
          button('Show as Text', () => post('asText', {})),
        ),
      ),
      summary,
      empty,
      element('div', { class: 'content' }, table.element, reasons),
      element(
        'p',
        { class: 'legend' },
        accesses.map((one) =>
          element(
            'span',
            {},
            element('span', { class: `mark ${one}`, 'aria-hidden': 'true' }, marks[one]),
            accessText(one),
          ),
        ),
        element('span', {}, element('span', { class: 'mark', 'aria-hidden': 'true' }, '–'), 'inside the cluster'),
      ),
    );
    fill(summary, element('span', { class: 'waiting' }, 'Reading the workspace…'));
    choose(undefined);
    return {
      host: ({ host }) => form.set({ ...noFilter, host }),
      matrix(next) {
        matrix = next;
        draw();
      },
    };
  },
});
