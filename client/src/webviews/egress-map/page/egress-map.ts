// The page of the Egress Map: what the user chooses decides which part of which graph is drawn.
import './egress-map.css';
import { noFilter } from '../../../../../server/src/diagram/filter.ts';
import { pictureRules } from '../../../../../server/src/diagram/svg.ts';
import { announce, element, fill } from '../../kit/page/element.ts';
import { firstHost, nothing } from '../../kit/page/nothing.ts';
import { startPage, type Page } from '../../kit/page/page.ts';
import type { Handlers } from '../../kit/protocol.ts';
import { egressMapProtocol, type ToHost, type ToPage, type TraceQuestion } from '../protocol.ts';
import { createDetails } from './details.ts';
import { contentOf, drawnOf, placeOf } from './drawn.ts';
import { edgesTable } from './edges-table.ts';
import { pngOf, svgText } from './export.ts';
import { legend } from './legend.ts';
import { createPicture } from './picture.ts';
import { selectionOf, type Target } from './selection.ts';
import { emptyGraph, namespacesIn, sourcesOf, statusOf, type Source } from './sources.ts';
import { initialState, readState, type MapState } from './state.ts';
import { toolbar } from './toolbar.ts';

startPage({ protocol: egressMapProtocol, readState, initial: initialState, begin });

function begin(page: Page<ToHost, MapState>): Handlers<ToPage> {
  let state = page.state;
  let sources: readonly Source[] = [];
  let drawn = drawnOf(emptyGraph, state);
  let target: Target | undefined;
  /** The last question about a trace, and how many there were. */
  let question: Omit<TraceQuestion, 'id'> | undefined;
  let asked = 0;

  const chosen = () => sources.find(({ id }) => id === state.source) ?? sources[0];
  const keep = (by: Partial<MapState>): void => {
    state = { ...state, ...by };
    page.keep(state);
  };
  const change = (by: Partial<MapState>): void => {
    keep(by);
    draw();
  };
  const select = (next: Target | undefined): void => {
    target = next;
    mark();
  };

  const controls = toolbar(
    {
      change,
      zoom: (factor) => picture.zoom(factor),
      fit: () => picture.fit(),
      save(format) {
        const svg = svgText(drawn.graph, drawn.scene);
        const content = format === 'svg' ? Promise.resolve(svg) : pngOf(svg);
        content.then(
          (made) => page.post('save', { format, content: made }),
          (error: unknown) => announce(`The picture could not be drawn: ${String(error)}`),
        );
      },
    },
    () => state,
  );
  const picture = createPicture({
    select,
    toggle: (card) => change({ toggled: toggledIn(state.toggled, card) }),
    open(at) {
      const place = placeOf(drawn, at);
      if (place) page.post('open', place);
    },
    moved: (viewport) => keep({ viewport }),
  });
  const details = createDetails({
    open: (place) => page.post('open', place),
    trace(edge) {
      const request = drawn.names.request(edge);
      if (!request) return;
      question = { uri: chosen()?.uri ?? '', ...request };
      page.post('trace', { id: String(++asked), ...question });
    },
    openTrace() {
      if (question) page.post('openTrace', question);
    },
    close: () => select(undefined),
  });
  const status = element('p', { class: 'status' }, element('span', { class: 'waiting' }, 'Reading the workspace…'));
  const empty = element('div', { class: 'empty', hidden: true });
  const asTable = element('div', { class: 'as-table', hidden: true });
  useRules(pictureRules);
  fill(
    page.root,
    element('h1', { class: 'visually-hidden' }, 'Egress Map'),
    controls.element,
    status,
    element('div', { class: 'content' }, empty, picture.element, asTable, details.element),
    legend(),
  );

  function draw(): void {
    const source = chosen();
    drawn = drawnOf(source?.graph ?? emptyGraph, state);
    const { graph, scene, whole } = drawn;
    controls.update({ choices: sources, chosen: source?.id ?? '', namespaces: namespacesIn(whole) }, state);
    const isEmpty = source !== undefined && graph.edges.length === 0;
    const words = statusOf(graph, whole, source?.empty);
    status.textContent = isEmpty ? '' : words;
    empty.hidden = !isEmpty;
    fill(empty, isEmpty ? nothing(words, offersFor(source)) : undefined);
    picture.element.hidden = isEmpty || state.asTable;
    asTable.hidden = isEmpty || !state.asTable;
    if (isEmpty) {
      // Nothing to draw.
    } else if (state.asTable)
      fill(
        asTable,
        edgesTable(graph, (place) => page.post('open', place)),
      );
    else picture.draw(scene, state.viewport);
    mark();
  }

  function offersFor({ id, graph }: Source) {
    if (graph.edges.length > 0) return [{ label: 'Show Everything', go: () => change({ filter: noFilter }) }];
    return id.startsWith('folder:') ? firstHost(page.run) : [];
  }

  function mark(): void {
    const selection = target && selectionOf(drawn.scene, target);
    picture.mark(selection);
    details.show(selection && contentOf(drawn, selection));
  }

  return {
    map(data) {
      sources = sourcesOf(data);
      draw();
      announce(status.textContent === '' ? (empty.textContent ?? '') : (status.textContent ?? ''));
    },
    trace(answer) {
      if (answer.id === String(asked)) details.answer(answer);
    },
  };
}

function toggledIn(toggled: readonly string[], card: string): readonly string[] {
  return toggled.includes(card) ? toggled.filter((one) => one !== card) : [...toggled, card];
}

/** The picture's own rules, as an SVG file has them; colors are in the style sheet. */
function useRules(rules: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
