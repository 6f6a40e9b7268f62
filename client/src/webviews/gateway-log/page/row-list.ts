// The lines as a table of which only what is seen is drawn. It stays at the end while lines come, unless someone scrolled up.
import { element, fill } from '../../kit/page/element.ts';
import type { LogRow } from '../protocol.ts';
import { marks, outcomeText } from './filter-bar.ts';

interface RowList {
  readonly element: HTMLElement;
  readonly show: (rows: readonly LogRow[]) => void;
  readonly add: (rows: readonly LogRow[]) => void;
  /** Id of the chosen line. */
  readonly selected: () => number | undefined;
}

/** As the style sheet says. */
const rowHeight = 24;
/** Drawn above and below what is seen. */
const spare = 10;

const columns = ['time', 'method', 'host', 'path', 'status', 'flags', 'policy', 'pod'] as const;

export function rowList(select: (row: LogRow) => void): RowList {
  const body = element('tbody');
  const head = element('thead', {}, headOf());
  const table = element('table', { role: 'grid', 'aria-label': 'Lines of the log' }, head, body);
  const scroller = element('div', { class: 'scroller' }, table);
  let rows: LogRow[] = [];
  let current = -1;
  let chosen: number | undefined;

  const isAtEnd = () => scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - rowHeight;
  let drawn = '';
  const draw = (isNew = true): void => {
    const top = Math.max(0, scroller.scrollTop - head.offsetHeight);
    const first = Math.max(0, Math.floor(top / rowHeight) - spare);
    const last = Math.min(rows.length - 1, Math.ceil((top + scroller.clientHeight) / rowHeight) + spare);
    const part = `${first} ${last}`;
    if (!isNew && part === drawn) return;
    drawn = part;
    const hadFocus = body.contains(document.activeElement);
    const tabStop = current >= first && current <= last ? current : first;
    fill(
      body,
      spacer(first),
      rows.slice(first, last + 1).map((row, at) => rowOf(row, first + at, first + at === tabStop)),
      spacer(rows.length - 1 - last),
    );
    table.setAttribute('aria-rowcount', String(rows.length + 1));
    if (hadFocus) elementAt(current)?.focus({ preventScroll: true });
  };
  const rowOf = (row: LogRow, at: number, isTabStop: boolean): HTMLElement =>
    element(
      'tr',
      {
        class: row.outcome ?? 'note',
        tabindex: isTabStop ? 0 : -1,
        'aria-rowindex': String(at + 2),
        'aria-selected': String(row.id === chosen),
        'data-at': String(at),
      },
      row.outcome === undefined
        ? element('td', { colspan: String(columns.length + 2) }, `— ${row.words}`)
        : [
            element(
              'td',
              {},
              element(
                'span',
                { class: 'mark', role: 'img', 'aria-label': outcomeText(row.outcome) },
                marks[row.outcome],
              ),
            ),
            columns.map((name) =>
              element('td', { class: name, ...(row[name].length > 12 && { title: row[name] }) }, row[name]),
            ),
            element('td', { class: 'words', title: row.words }, row.words),
          ],
    );
  const elementAt = (at: number) => body.querySelector<HTMLElement>(`tr[data-at="${at}"]`);
  const choose = (at: number): void => {
    current = at;
    const row = rows[at];
    if (!row || row.id === chosen) return;
    chosen = row.id;
    for (const one of body.querySelectorAll('tr[data-at]'))
      one.setAttribute('aria-selected', String(one === elementAt(at)));
    if (row.outcome !== undefined) select(row);
  };
  const move = (to: number): void => {
    const at = Math.max(0, Math.min(rows.length - 1, to));
    const top = at * rowHeight;
    const room = scroller.clientHeight - head.offsetHeight - rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
    draw();
    choose(at);
    elementAt(at)?.focus({ preventScroll: true });
  };
  const page = () => Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowUp: () => move(current - 1),
    ArrowDown: () => move(current + 1),
    PageUp: () => move(current - page()),
    PageDown: () => move(current + page()),
    Home: () => move(0),
    End: () => move(rows.length - 1),
  };
  body.addEventListener('keydown', (event) => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  });
  body.addEventListener('focusin', ({ target }) => {
    const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
    if (at !== undefined) choose(Number(at));
  });
  scroller.addEventListener('scroll', () => draw(false));
  window.addEventListener('resize', () => draw(false));

  return {
    element: scroller,
    show(next) {
      rows = [...next];
      current = rows.findIndex(({ id }) => id === chosen);
      draw();
      scroller.scrollTop = scroller.scrollHeight;
      draw();
    },
    add(more) {
      if (more.length === 0) return;
      const follows = isAtEnd();
      rows.push(...more);
      draw();
      if (follows) scroller.scrollTop = scroller.scrollHeight;
    },
    selected: () => chosen,
  };
}

function headOf(): HTMLElement {
  const titles = [
    'Outcome',
    'Time (UTC)',
    'Method',
    'Host',
    'Path',
    'Status',
    'Flags',
    'Policy',
    'Pod',
    'What happened',
  ];
  return element(
    'tr',
    { 'aria-rowindex': '1' },
    titles.map((title, at) =>
      element('th', { scope: 'col' }, at === 0 ? element('span', { class: 'visually-hidden' }, title) : title),
    ),
  );
}

/** As high as so many rows. */
function spacer(rows: number): HTMLElement | undefined {
  if (rows <= 0) return undefined;
  const row = element('tr', { 'aria-hidden': 'true', class: 'spacer' }, element('td'));
  row.style.height = `${rows * rowHeight}px`;
  return row;
}
