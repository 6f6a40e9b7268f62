// A table for reading with eyes or a screen reader: caption, column heads, a row head, and a way to more rows where there are many.
import { announce, element, fill, type Child } from './element.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Child;
}

export interface TableOptions<Row> {
  readonly caption: string;
  /** The first one is the head of its row. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly rows: readonly Row[];
  /** What the table says without rows. */
  readonly empty: string;
}

/** Rows that are drawn at once; the others follow on request, so that a large table does not stop the page. */
const portion = 500;

export function table<Row>({ caption, columns, rows, empty }: TableOptions<Row>): HTMLElement {
  const body = element('tbody');
  const foot = element('div', { class: 'table-more' });
  let drawn = 0;
  const drawMore = (): void => {
    const next = rows.slice(drawn, drawn + portion);
    body.append(...next.map((row) => rowOf(columns, row)));
    drawn += next.length;
    fill(foot, drawn < rows.length ? moreButton() : undefined);
  };
  const moreButton = () =>
    element(
      'button',
      {
        type: 'button',
        class: 'secondary',
        on: {
          click() {
            drawMore();
            announce(`${drawn} of ${rows.length} rows`);
          },
        },
      },
      `Show more rows (${drawn} of ${rows.length} shown)`,
    );
  drawMore();
  const head = element(
    'tr',
    {},
    columns.map(({ title }) => element('th', { scope: 'col' }, title)),
  );
  // A region that scrolls must be reachable with the keyboard.
  return element(
    'div',
    { class: 'table-region', role: 'region', 'aria-label': caption, tabindex: 0 },
    element('table', {}, element('caption', {}, caption), element('thead', {}, head), body),
    rows.length === 0 ? element('p', { class: 'empty' }, empty) : undefined,
    foot,
  );
}

function rowOf<Row>([first, ...others]: TableOptions<Row>['columns'], row: Row): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, first.cell(row)),
    others.map(({ cell }) => element('td', {}, cell(row))),
  );
}
