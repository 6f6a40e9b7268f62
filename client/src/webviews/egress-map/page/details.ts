// Beside the map: who may call what is selected, why, its findings, and the trace of one connection.
import type { GraphEdge, GraphFinding } from '../../../../../server/src/diagram/graph.ts';
import { element, fill, type Child } from '../../kit/page/element.ts';
import { table } from '../../kit/page/table.ts';
import type { Place, TraceAnswer } from '../protocol.ts';
import { placesOf } from './deciding-places.ts';
import type { Shown } from './drawn.ts';
import { accessWords, changeText, placeText, tlsText } from './names.ts';

export interface DetailsActions {
  readonly open: (place: Place) => void;
  readonly trace: (edge: GraphEdge<Place>) => void;
  /** Opens the view of the trace that was asked for last. */
  readonly openTrace: () => void;
  readonly close: () => void;
}

export interface Details {
  readonly element: HTMLElement;
  readonly show: (shown: Shown | undefined) => void;
  readonly answer: (trace: TraceAnswer | undefined) => void;
}

export function createDetails(actions: DetailsActions): Details {
  const trace = element('div', { class: 'trace', 'aria-live': 'polite' });
  const panel = element('aside', { class: 'details', 'aria-label': 'Selected on the map', hidden: true });
  const link = (place: Place): HTMLElement => button(placeText(place), () => actions.open(place));
  return {
    element: panel,
    show(shown) {
      panel.hidden = shown === undefined;
      fill(trace);
      if (!shown) return;
      fill(
        panel,
        element(
          'div',
          { class: 'details-head' },
          element('h2', {}, shown.title),
          element(
            'button',
            { type: 'button', class: 'secondary', 'aria-label': 'Close', on: { click: actions.close } },
            '✕',
          ),
        ),
        shown.findings.map((finding) => findingLine(finding, link)),
        callers(shown, actions, link),
        trace,
      );
      // One connection needs no choice.
      if (shown.edges.length === 1) actions.trace(shown.edges[0]!);
    },
    answer: (answer) => fill(trace, answer && traceOf(answer, actions.openTrace, link)),
  };
}

function callers({ edges, names }: Shown, { trace }: DetailsActions, link: (place: Place) => Child): HTMLElement {
  return table<GraphEdge<Place>>({
    caption: 'Who may call',
    columns: [
      {
        title: 'Client and host',
        cell: (edge) => [
          element('div', {}, names.client(edge)),
          element('div', { class: 'soft' }, `→ ${names.target(edge)}`),
        ],
      },
      { title: 'Access and TLS', cell: answerOf },
      {
        title: 'Because of',
        cell: (edge) => [
          placesOf(edge, link),
          names.request(edge) && button('Trace', () => trace(edge), `${names.client(edge)} → ${names.target(edge)}`),
        ],
      },
    ],
    rows: edges,
    empty: 'Nothing flows here.',
  });
}

function answerOf(edge: GraphEdge<Place>): Child {
  const { change, notes } = edge;
  return [
    element('div', {}, accessWords(edge)),
    element('div', { class: 'soft' }, tlsText(edge)),
    change && element('div', {}, changeText(change)),
    notes.length > 0
      ? element(
          'details',
          {},
          element('summary', {}, 'Assumed'),
          notes.map((note) => element('p', {}, note)),
        )
      : undefined,
  ];
}

function findingLine(
  { severity, rule, message, place }: GraphFinding<Place>,
  link: (place: Place) => Child,
): HTMLElement {
  return element(
    'p',
    { class: `finding ${severity}` },
    element('strong', {}, `${severity}: `),
    `${message} [${rule}] `,
    link(place),
  );
}

const verdicts: Readonly<Record<string, string>> = {
  allowed: 'Allowed',
  denied: 'Denied',
  fails: 'Fails',
  bypasses: 'Bypasses the waypoint',
  undetermined: 'Undetermined',
};

function traceOf(
  { verdict, summary, steps }: TraceAnswer,
  openTrace: () => void,
  link: (place: Place) => Child,
): HTMLElement {
  return element(
    'section',
    { 'aria-label': 'Trace' },
    element('h3', {}, `${verdicts[verdict] ?? verdict}: ${summary}`),
    button('Open in the Trace view', openTrace),
    element(
      'ol',
      {},
      steps.map(({ stage, outcome, message, evidence }) =>
        element(
          'li',
          { class: outcome },
          element('strong', {}, `${stage}, ${outcome}: `),
          message,
          evidence.map((place) => element('div', {}, link(place))),
        ),
      ),
    ),
  );
}

function button(text: string, click: () => void, spoken?: string): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: 'link',
      on: { click },
      ...(spoken !== undefined && { 'aria-label': `${text}: ${spoken}` }),
    },
    text,
  );
}
