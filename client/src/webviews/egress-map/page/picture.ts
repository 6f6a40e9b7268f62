// The drawn map: pan, zoom, and everything with the keyboard. What is drawn comes from the diagram's shapes.
import type { Scene } from '../../../../../server/src/diagram/card.ts';
import { layOut } from '../../../../../server/src/diagram/layout.ts';
import { shapesOf, type Shape } from '../../../../../server/src/diagram/shapes.ts';
import { element } from '../../kit/page/element.ts';
import { createCanvas } from './canvas.ts';
import { neighbourOf } from './neighbours.ts';
import type { Selection, Target } from './selection.ts';
import type { Viewport } from './state.ts';

export interface PictureActions {
  readonly select: (target: Target | undefined) => void;
  readonly toggle: (card: string) => void;
  readonly open: (target: Target) => void;
  readonly moved: (viewport: Viewport | null) => void;
}

export interface Picture {
  readonly element: HTMLElement;
  readonly draw: (scene: Scene, viewport: Viewport | null) => void;
  readonly mark: (selection: Selection | undefined) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
}

const xmlns = 'http://www.w3.org/2000/svg';

export function createPicture(actions: PictureActions): Picture {
  const svg = document.createElementNS(xmlns, 'svg');
  svg.setAttribute('class', 'picture');
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', 'Map. Arrow keys move, Enter selects, Space folds, O opens the file, Escape clears');
  const canvas = createCanvas(svg, actions.moved);
  let current: string | undefined;

  const stops = () => [...svg.querySelectorAll<SVGGElement>('.head, .row')];
  const focusOn = (stop: SVGGElement): void => {
    for (const one of stops()) one.setAttribute('tabindex', one === stop ? '0' : '-1');
    current = keyOf(stop);
    stop.focus();
    canvas.reveal(stop);
  };

  svg.addEventListener('click', ({ target }) => {
    if (canvas.wasDragged()) return;
    const found = targetAt(target);
    if (found?.kind === 'card' && target instanceof Element && target.closest('.fold'))
      return actions.toggle(found.card);
    actions.select(found);
    const stop = target instanceof Element ? target.closest<SVGGElement>('.head, .row') : null;
    if (stop) focusOn(stop);
  });
  svg.addEventListener('dblclick', ({ target }) => {
    const found = targetAt(target);
    if (found) actions.open(found);
  });
  svg.addEventListener('keydown', (event) => {
    const stop = event.target instanceof Element ? event.target.closest<SVGGElement>('.head, .row') : null;
    const found = targetAt(event.target);
    if (!stop || found?.kind !== 'card') return;
    const keys: Readonly<Record<string, () => void>> = {
      Enter: () => actions.select(found),
      ' ': () => actions.toggle(found.card),
      Escape: () => actions.select(undefined),
      o: () => actions.open(found),
    };
    const next = neighbourOf(stops(), stop, event.key);
    const act = keys[event.key];
    if (!next && !act) return;
    event.preventDefault();
    if (next) focusOn(next);
    else act?.();
  });

  return {
    element: element('div', { class: 'viewport' }, svg),
    draw(scene, viewport) {
      const hadFocus = svg.contains(document.activeElement);
      const layout = layOut(scene);
      canvas.show(shapesOf(layout).map(svgFrom), layout, viewport);
      const all = stops();
      const stop = all.find((one) => keyOf(one) === current) ?? all[0];
      for (const one of all) makeStop(one, one === stop);
      if (hadFocus) stop?.focus();
    },
    mark(selection) {
      svg.classList.toggle('has-selection', selection !== undefined);
      for (const link of svg.querySelectorAll<SVGGElement>('.link'))
        link.classList.toggle('lit', selection?.links.has(link.dataset['link'] ?? '') === true);
      for (const head of svg.querySelectorAll<SVGGElement>('.head'))
        head.parentElement?.classList.toggle('lit', selection?.cards.has(head.dataset['card'] ?? '') === true);
      for (const stop of stops()) stop.setAttribute('aria-pressed', String(isTarget(stop, selection?.target)));
    },
    zoom: canvas.zoom,
    fit: canvas.fit,
  };
}

/** Its name for a screen reader is its title. */
function makeStop(stop: SVGGElement, isFirst: boolean): void {
  stop.setAttribute('role', 'button');
  stop.setAttribute('tabindex', isFirst ? '0' : '-1');
}

function keyOf({ dataset }: SVGGElement): string {
  return `${dataset['card']} ${dataset['row'] ?? ''}`;
}

function isTarget({ dataset }: SVGGElement, target: Target | undefined): boolean {
  return target?.kind === 'card' && target.card === dataset['card'] && target.row === dataset['row'];
}

function targetAt(at: EventTarget | null): Target | undefined {
  if (!(at instanceof Element)) return undefined;
  const stop = at.closest<SVGGElement>('.head, .row, .link');
  const { link, card, row } = stop?.dataset ?? {};
  if (link !== undefined) return { kind: 'link', link };
  return card === undefined ? undefined : { kind: 'card', card, row };
}

/** Attributes come from the diagram, texts are text. */
function svgFrom({ tag, attributes, children }: Shape): SVGElement {
  const made = document.createElementNS(xmlns, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(
    ...children.map((child) => (typeof child === 'string' ? document.createTextNode(child) : svgFrom(child))),
  );
  return made;
}
