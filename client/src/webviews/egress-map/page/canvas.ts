// Pan and zoom of an SVG: the wheel scrolls, with Ctrl it zooms, dragging moves. Nothing is drawn here.
import type { Viewport } from './state.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Canvas {
  /** `viewport` null: the whole picture fits. */
  readonly show: (content: readonly SVGElement[], size: Size, viewport: Viewport | null) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  /** Moves so that the element is seen. */
  readonly reveal: (element: SVGGElement) => void;
  /** The last press of the mouse moved the picture: it is no click. */
  readonly wasDragged: () => boolean;
}

const least = 0.2;
const most = 3;
const readable = 0.55;

export function createCanvas(svg: SVGSVGElement, moved: (viewport: Viewport | null) => void): Canvas {
  const layer = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  svg.append(layer);
  let size: Size = { width: 1, height: 1 };
  let view: Viewport = { x: 0, y: 0, scale: 1 };
  let dragged = false;
  /** Until the user moves or zooms, the picture fits its place, whatever its size. */
  let fits = true;
  /** Of the picture that fits: text stays readable, unless the user wants to see all of it. */
  let smallest = readable;

  const apply = (next: Viewport): void => {
    view = next;
    layer.setAttribute('transform', `translate(${next.x} ${next.y}) scale(${next.scale})`);
  };
  const move = (next: Viewport): void => {
    fits = false;
    apply(next);
    moved(next);
  };
  const fitting = (): Viewport => {
    const { width, height } = svg.getBoundingClientRect();
    const scale = Math.max(smallest, Math.min(1, width / size.width, height / size.height));
    return { x: Math.max(0, (width - size.width * scale) / 2), y: 0, scale };
  };
  const zoomAt = (factor: number, x: number, y: number): void => {
    const scale = Math.min(most, Math.max(least, view.scale * factor));
    const by = scale / view.scale;
    move({ x: x - (x - view.x) * by, y: y - (y - view.y) * by, scale });
  };

  svg.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { left, top } = svg.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey)
        return zoomAt(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
      move({ ...view, x: view.x - event.deltaX, y: view.y - event.deltaY });
    },
    { passive: false },
  );
  svg.addEventListener('pointerdown', (event) => {
    dragged = false;
    if (event.button !== 0) return;
    const from = { ...view, clientX: event.clientX, clientY: event.clientY };
    const drag = ({ clientX, clientY }: PointerEvent): void => {
      const [dx, dy] = [clientX - from.clientX, clientY - from.clientY];
      // A hand that clicks is not quite still.
      if (!dragged && Math.hypot(dx, dy) < 4) return;
      dragged = true;
      fits = false;
      apply({ ...view, x: from.x + dx, y: from.y + dy });
    };
    const drop = (): void => {
      window.removeEventListener('pointermove', drag);
      if (dragged) moved(view);
    };
    window.addEventListener('pointermove', drag);
    window.addEventListener('pointerup', drop, { once: true });
  });

  new ResizeObserver(() => {
    if (fits) apply(fitting());
  }).observe(svg);

  return {
    show(content, shown, viewport) {
      layer.replaceChildren(...content);
      size = shown;
      fits = viewport === null;
      apply(viewport ?? fitting());
    },
    zoom(factor) {
      const { width, height } = svg.getBoundingClientRect();
      zoomAt(factor, width / 2, height / 2);
    },
    fit() {
      fits = true;
      smallest = least;
      apply(fitting());
      moved(null);
    },
    reveal(element) {
      const [outer, inner] = [svg.getBoundingClientRect(), element.getBoundingClientRect()];
      const by = (low: number, high: number, min: number, max: number) =>
        low < min ? min - low + 12 : Math.min(0, max - high - 12);
      const dx = by(inner.left, inner.right, outer.left, outer.right);
      const dy = by(inner.top, inner.bottom, outer.top, outer.bottom);
      if (dx !== 0 || dy !== 0) move({ ...view, x: view.x + dx, y: view.y + dy });
    },
    wasDragged: () => dragged,
  };
}
