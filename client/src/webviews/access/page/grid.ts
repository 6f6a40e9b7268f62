// The matrix: a row for each host and port, a column for each client. Only the rows that are seen are drawn, so that thousands scroll smoothly.
import { element, fill } from '../../kit/page/element.ts';
import type { AccessAnswer, AccessMatrix, ShownReason } from '../protocol.ts';
import { answerText, marks } from './access-text.ts';
import type { ShownPlaces } from '../filter.ts';

export interface Chosen {
  readonly host: number;
  readonly client: number;
}

interface GridParts {
  readonly choose: (chosen: Chosen | undefined) => void;
  readonly open: (reason: ShownReason) => void;
}

interface Grid {
  readonly element: HTMLElement;
  readonly show: (matrix: AccessMatrix, shown: ShownPlaces) => void;
}

/** As the style sheet says. */
const rowHeight = 28;
/** Drawn above and below what is seen. */
const spare = 8;
/** More columns than this are not read; the filter finds the others. */
const mostClients = 60;

export function grid({ choose, open }: GridParts): Grid {
  const head = element('thead');
  const body = element('tbody');
  const table = element('table', { role: 'grid', 'aria-label': 'Access of clients to hosts' }, head, body);
  const more = element('p', { class: 'empty' });
  const scroller = element('div', { class: 'scroller' }, table, more);
  let matrix: AccessMatrix | undefined;
  let hosts: readonly number[] = [];
  let clients: readonly number[] = [];
  let current = { row: 0, column: 0 };
  let drawn = { first: 0, last: -1 };

  const draw = (force = false): void => {
    if (!matrix) return;
    const top = Math.max(0, scroller.scrollTop - head.offsetHeight);
    const first = Math.max(0, Math.floor(top / rowHeight) - spare);
    const last = Math.min(hosts.length - 1, Math.ceil((top + scroller.clientHeight) / rowHeight) + spare);
    if (!force && first === drawn.first && last === drawn.last) return;
    const hadFocus = body.contains(document.activeElement);
    drawn = { first, last };
    const rows = hosts.slice(first, last + 1).map((_, at) => rowOf(first + at));
    fill(body, spacer(first), rows, spacer(hosts.length - 1 - last));
    if (hadFocus) cellAt(current.row, current.column)?.focus({ preventScroll: true });
  };

  const rowOf = (row: number): HTMLElement => {
    const at = hosts[row]!;
    const { host, port } = matrix!.hosts[at]!;
    return element(
      'tr',
      { 'aria-rowindex': String(row + 2) },
      element('th', { scope: 'row', title: `${host}:${port}` }, `${host}:${port}`),
      clients.map((client, column) => cellOf(row, column, matrix!.answers[matrix!.cells[at]![client]!])),
    );
  };

  const cellOf = (row: number, column: number, answer: AccessAnswer | undefined): HTMLElement => {
    const isCurrent = row === current.row && column === current.column;
    const text = answer ? answerText(answer) : 'inside the cluster';
    const reasons = (answer?.because ?? []).slice(0, 5).map(({ label }) => label);
    return element(
      'td',
      {
        class: `cell ${answer?.access ?? ''}`,
        tabindex: isCurrent ? 0 : -1,
        title: [text, ...reasons].join('\n'),
        'aria-label': text,
        'data-row': String(row),
        'data-column': String(column),
      },
      element('span', { class: 'mark', 'aria-hidden': 'true' }, answer ? marks[answer.access] : '–'),
    );
  };

  const cellAt = (row: number, column: number) =>
    body.querySelector<HTMLElement>(`td[data-row="${row}"][data-column="${column}"]`);

  const choosePlace = (row: number, column: number): void => {
    const before = cellAt(current.row, current.column);
    if (before) before.tabIndex = -1;
    current = { row, column };
    const cell = cellAt(row, column);
    if (cell) cell.tabIndex = 0;
    choose({ host: hosts[row]!, client: clients[column]! });
  };

  const move = (row: number, column: number): void => {
    const to = {
      row: Math.max(0, Math.min(hosts.length - 1, row)),
      column: Math.max(0, Math.min(clients.length - 1, column)),
    };
    const top = to.row * rowHeight;
    const room = scroller.clientHeight - head.offsetHeight - rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    draw();
    choosePlace(to.row, to.column);
    cellAt(to.row, to.column)?.focus({ preventScroll: true });
    cellAt(to.row, to.column)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  const page = () => Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowUp: () => move(current.row - 1, current.column),
    ArrowDown: () => move(current.row + 1, current.column),
    ArrowLeft: () => move(current.row, current.column - 1),
    ArrowRight: () => move(current.row, current.column + 1),
    PageUp: () => move(current.row - page(), current.column),
    PageDown: () => move(current.row + page(), current.column),
    Home: () => move(current.row, 0),
    End: () => move(current.row, clients.length - 1),
    Enter() {
      const cell = matrix?.cells[hosts[current.row]!]?.[clients[current.column]!];
      const reason = cell === undefined ? undefined : matrix?.answers[cell]?.because[0];
      if (reason) open(reason);
    },
  };
  body.addEventListener('keydown', (event) => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  body.addEventListener('focusin', ({ target }) => {
    const { row, column } = target instanceof HTMLElement ? target.dataset : {};
    if (row !== undefined && column !== undefined) choosePlace(Number(row), Number(column));
  });
  scroller.addEventListener('scroll', () => draw());
  window.addEventListener('resize', () => draw());

  return {
    element: scroller,
    show(next, shown) {
      matrix = next;
      hosts = shown.hosts;
      clients = shown.clients.slice(0, mostClients);
      current = { row: 0, column: 0 };
      table.setAttribute('aria-rowcount', String(hosts.length + 1));
      fill(head, headOf(clients.map((at) => next.clients[at]!.label)));
      fill(
        more,
        shown.clients.length > mostClients
          ? `${shown.clients.length - mostClients} more clients are not shown. Filter by client.`
          : undefined,
      );
      scroller.scrollTop = 0;
      draw(true);
    },
  };
}

function headOf(labels: readonly string[]): HTMLElement {
  return element(
    'tr',
    { 'aria-rowindex': '1' },
    element('th', { scope: 'col', class: 'corner' }, 'Host'),
    labels.map((label) => element('th', { scope: 'col', class: 'client', title: label }, element('span', {}, label))),
  );
}

/** As high as so many rows. */
function spacer(rows: number): HTMLElement | undefined {
  if (rows <= 0) return undefined;
  const row = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  row.style.height = `${rows * rowHeight}px`;
  return row;
}
