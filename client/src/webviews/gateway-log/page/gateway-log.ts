// The page of the Gateway Log: counters, filters, the lines, and the details of the chosen one.
import './gateway-log.css';
import { object, text } from '../../../../../server/src/lsp/protocol/read.ts';
import { element, fill } from '../../kit/page/element.ts';
import { startPage } from '../../kit/page/page.ts';
import { counts, noFilter, passes, type LogFilter } from '../filter.ts';
import { gatewayLogProtocol, type LogRow, type LogState } from '../protocol.ts';
import { detailsOf } from './details.ts';
import { filterBar } from './filter-bar.ts';
import { rowList } from './row-list.ts';

startPage({
  protocol: gatewayLogProtocol,
  readState: object<LogFilter>({ host: text, status: text, flag: text, policy: text, outcome: text }),
  initial: noFilter,
  begin({ root, state: kept, keep, post }) {
    let filter = kept;
    let rows: LogRow[] = [];
    let state: LogState = { title: '', isFollowing: false, dropped: 0 };
    /** What came while the list was held. */
    let held: LogRow[] | undefined;

    const details = element('section', { class: 'details', 'aria-label': 'Details' });
    const hint = () => fill(details, element('p', { class: 'empty' }, 'Choose a line to read what its fields mean.'));
    const list = rowList((row) => post('select', { id: row.id }));
    const title = element('p', { class: 'title' });
    const button = (label: string, name: 'stop' | 'follow' | 'learn' | 'asText') =>
      element('button', { type: 'button', class: 'secondary', on: { click: () => post(name, {}) } }, label);
    const stop = button('Stop', 'stop');
    const learn = button('Learn', 'learn');
    learn.title = 'Propose the manifests that let through what this log shows as leaving';
    const pause = element('button', { type: 'button', class: 'secondary', 'aria-pressed': 'false' }, 'Pause');
    const bar = filterBar(filter, (next) => {
      filter = next;
      keep(filter);
      draw();
    });

    const tell = (): void => {
      const dropped = state.dropped > 0 ? `; the first ${state.dropped} lines were dropped` : '';
      fill(title, state.title === '' ? 'No log is followed.' : `${state.title}${dropped}`);
      learn.hidden = state.title === '';
      stop.hidden = !state.isFollowing;
      pause.hidden = !state.isFollowing && held === undefined;
      fill(pause, held === undefined ? 'Pause' : `Resume (${held.length} new lines)`);
      pause.setAttribute('aria-pressed', String(held !== undefined));
      bar.count(counts(rows, filter));
      root.classList.toggle('without-log', state.title === '');
    };
    const draw = (): void => {
      list.show(rows.filter((row) => passes(row, filter)));
      tell();
    };
    const append = (added: readonly LogRow[]): void => {
      rows.push(...added);
      const first = state.dropped;
      if (rows.length > 0 && rows[0]!.id < first) {
        rows = rows.filter(({ id }) => id >= first);
        draw();
      } else list.add(added.filter((row) => passes(row, filter)));
      tell();
    };
    pause.addEventListener('click', () => {
      if (held === undefined) held = [];
      else {
        const late = held;
        held = undefined;
        append(late);
      }
      tell();
    });

    hint();
    fill(
      root,
      element('h1', { class: 'visually-hidden' }, 'Gateway Log'),
      element(
        'div',
        { class: 'bar' },
        title,
        element(
          'div',
          { class: 'actions' },
          pause,
          stop,
          button('Follow Gateway Logs', 'follow'),
          learn,
          button('Show as Text', 'asText'),
        ),
      ),
      bar.element,
      element('div', { class: 'content' }, list.element, details),
    );
    draw();
    return {
      all(everything) {
        ({ state } = everything);
        rows = [...everything.rows];
        held = undefined;
        hint();
        draw();
      },
      added(more) {
        ({ state } = more);
        if (held) {
          held.push(...more.rows);
          tell();
        } else append(more.rows);
      },
      state(next) {
        state = next;
        tell();
      },
      details(one) {
        if (list.selected() === one.id)
          fill(
            details,
            detailsOf(one, {
              open: ({ uri, range }) => post('open', { uri, range }),
              propose: () => post('propose', { id: one.id }),
              declare: () => post('declare', { id: one.id }),
            }),
          );
      },
    };
  },
});
