// What becomes of a request: the verdict, the way as a picture, each step, and side by side what is possible where the files leave it open.
import { element, svgElement, type Child } from '../../kit/page/element.ts';
import { hopsOf, type Hop } from '../hops.ts';
import type { HopKind, ShownPlace, ShownRequest, ShownStep, ShownTrace } from '../protocol.ts';

type Open = (place: ShownPlace) => void;

/** `actions` stand below the verdict. */
export function outcomeOf(request: ShownRequest, trace: ShownTrace, open: Open, actions?: HTMLElement): HTMLElement {
  return element(
    'section',
    { class: 'outcome', 'aria-label': verdictText(trace.verdict) },
    banner(trace),
    actions,
    trace.candidates.length > 0 ? candidatesOf(request, trace, open) : wayOf(request, trace, open),
    trace.log
      ? element(
          'p',
          { class: 'log' },
          'Access log:',
          ' ',
          element('code', {}, trace.log.upstreamCluster),
          trace.log.status === null ? '' : `, ${trace.log.status}`,
        )
      : undefined,
  );
}

export function verdictText(verdict: ShownTrace['verdict']): string {
  switch (verdict) {
    case 'allowed':
      return 'Allowed';
    case 'denied':
      return 'Denied';
    case 'fails':
      return 'Fails';
    case 'bypasses':
      return 'Bypasses the waypoint';
    case 'undetermined':
      return 'Undetermined';
  }
}

const marks: Readonly<Record<ShownTrace['verdict'], string>> = {
  allowed: '✓',
  denied: '✕',
  fails: '✕',
  bypasses: '⤳',
  undetermined: '?',
};

function banner({ verdict, summary }: ShownTrace): HTMLElement {
  return element(
    'p',
    { class: `verdict ${verdict}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, marks[verdict]),
    element('strong', {}, verdictText(verdict)),
    element('span', { class: 'summary' }, summary),
  );
}

function candidatesOf(request: ShownRequest, { candidates, steps }: ShownTrace, open: Open): HTMLElement {
  return element(
    'div',
    {},
    element('h2', {}, 'What the files leave open'),
    element(
      'ol',
      { class: 'steps' },
      steps.filter(({ outcome }) => outcome === 'unknown').map((step) => stepOf(step, open, true)),
    ),
    element(
      'div',
      { class: 'candidates' },
      candidates.map((candidate, at) =>
        element(
          'section',
          { class: 'candidate', 'aria-label': `Possible outcome ${at + 1} of ${candidates.length}` },
          element('h2', {}, `Possible outcome ${at + 1} of ${candidates.length}`),
          outcomeOf(request, candidate, open),
        ),
      ),
    ),
  );
}

function wayOf(request: ShownRequest, trace: ShownTrace, open: Open): HTMLElement {
  const hops = hopsOf(request, trace);
  return element(
    'div',
    {},
    element(
      'ol',
      { class: 'way', 'aria-label': 'The way of the request' },
      hops.map((hop) => cardOf(hop, trace, open)),
    ),
    element('h2', {}, 'Steps'),
    hops.filter(({ steps }) => steps.length > 0).map((hop) => stepsOf(hop, open)),
  );
}

function cardOf(hop: Hop, trace: ShownTrace, open: Open): HTMLElement {
  const { kind, name, state, deciding } = hop;
  const place = deciding?.places[0];
  return element(
    'li',
    { class: `hop ${state}` },
    element(
      'div',
      { class: 'card' },
      element('div', { class: 'kind' }, icon(kind), kindText(kind)),
      name === '' ? undefined : element('div', { class: 'name' }, name),
      kind === 'host' && trace.upstream ? element('div', { class: 'how' }, trace.upstream.how) : undefined,
      element(
        'div',
        { class: 'foot' },
        element(
          'div',
          { class: 'state' },
          element('span', { class: 'mark', 'aria-hidden': 'true' }, stateMarks[state]),
          stateText(state),
        ),
        place ? linkTo(place, open) : undefined,
      ),
    ),
  );
}

function stepsOf({ kind, name, state, steps }: Hop, open: Open): HTMLElement {
  return element(
    'section',
    { class: `hop-steps ${state}` },
    element('h3', {}, icon(kind), name === '' ? kindText(kind) : `${kindText(kind)} ${name}`),
    element(
      'ol',
      { class: 'steps' },
      steps.map((step) => stepOf(step, open, state === 'stops' && step.outcome === 'no')),
    ),
  );
}

const stepMarks: Readonly<Record<ShownStep['outcome'], string>> = { yes: '✓', no: '✕', unknown: '?' };

function stepOf(step: ShownStep, open: Open, isOpen: boolean): HTMLElement {
  const { stage, outcome, message, details = [], places } = step;
  return element(
    'li',
    { class: `step ${outcome}` },
    element('span', { class: 'mark', role: 'img', 'aria-label': outcomeText(outcome) }, stepMarks[outcome]),
    element('span', { class: 'stage' }, stage),
    element(
      'div',
      { class: 'what' },
      element('span', {}, message),
      details.length === 0
        ? undefined
        : element(
            'details',
            { open: isOpen },
            element('summary', {}, outcome === 'no' ? 'Why not?' : 'Details'),
            element(
              'ul',
              {},
              details.map((detail) => element('li', {}, detail)),
            ),
          ),
      places.length === 0
        ? undefined
        : element(
            'div',
            { class: 'places' },
            places.map((place) => linkTo(place, open)),
          ),
    ),
  );
}

function linkTo(place: ShownPlace, open: Open): HTMLElement {
  return element('button', { type: 'button', class: 'link', on: { click: () => open(place) } }, place.label);
}

function outcomeText(outcome: ShownStep['outcome']): string {
  if (outcome === 'unknown') return 'unknown';
  return outcome === 'yes' ? 'yes' : 'no';
}

const stateMarks: Readonly<Record<Hop['state'], string>> = {
  passes: '✓',
  stops: '✕',
  doubt: '?',
  around: '⤳',
  unreached: '–',
};

function stateText(state: Hop['state']): string {
  switch (state) {
    case 'passes':
      return 'passes';
    case 'stops':
      return 'stops here';
    case 'doubt':
      return 'unknown';
    case 'around':
      return 'leaves the way to the waypoint';
    case 'unreached':
      return 'not reached';
  }
}

function kindText(kind: HopKind): string {
  switch (kind) {
    case 'client':
      return 'Pod';
    case 'ztunnel':
      return 'ztunnel';
    case 'sidecar':
      return 'Sidecar';
    case 'waypoint':
      return 'Waypoint';
    case 'gateway':
      return 'Egress gateway';
    case 'host':
      return 'Host';
  }
}

/** Outlines in a square of 16. */
const outlines: Readonly<Record<HopKind, string>> = {
  client: 'M8 1.5 13.5 4.7v6.6L8 14.5 2.5 11.3V4.7z',
  ztunnel: 'M1.5 12.5V8a6.5 6.5 0 0 1 13 0v4.5M5 12.5V8a3 3 0 0 1 6 0v4.5',
  sidecar: 'M2.5 4.5h6v7h-6zM10.5 6.5h3v3h-3z',
  waypoint: 'M8 1.5 14.5 8 8 14.5 1.5 8z',
  gateway: 'M2.5 14V2.5h11V14M5.5 14V5.5h5V14',
  host: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M1.5 8h13M8 1.5c-4 4-4 9 0 13M8 1.5c4 4 4 9 0 13',
};

function icon(kind: HopKind): Child {
  return svgElement(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    svgElement('path', { d: outlines[kind] }),
  );
}
