// Elements of a page. Content is set as text, attributes are of a closed list: no name of a manifest can become markup, a link or a script.

export type Child = Node | string | undefined | readonly Child[];

type Plain =
  | 'class'
  | 'id'
  | 'role'
  | 'title'
  | 'type'
  | 'value'
  | 'placeholder'
  | 'for'
  | 'scope'
  | 'colspan'
  | 'lang'
  | 'dir'
  | 'name';

export type Attributes = Partial<Record<Plain | `aria-${string}` | `data-${string}`, string>> & {
  readonly tabindex?: number;
  readonly hidden?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  readonly selected?: boolean;
  readonly open?: boolean;
  readonly on?: { readonly [E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void };
};

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on = {}, ...attributes }: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  for (const [type, listener] of Object.entries(on)) made.addEventListener(type, listener as EventListener);
  append(made, children);
  return made;
}

type SvgAttributes = Partial<
  Record<
    | 'class'
    | 'id'
    | 'role'
    | 'd'
    | 'x'
    | 'y'
    | 'x1'
    | 'y1'
    | 'x2'
    | 'y2'
    | 'cx'
    | 'cy'
    | 'r'
    | 'rx'
    | 'width'
    | 'height'
    | 'viewBox'
    | 'transform'
    | 'points'
    | 'tabindex'
    | 'text-anchor'
    | 'dominant-baseline'
    | 'preserveAspectRatio'
    | 'marker-end'
    | 'refX'
    | 'refY'
    | 'markerWidth'
    | 'markerHeight'
    | 'orient'
    | 'xmlns'
    | `aria-${string}`
    | `data-${string}`,
    string | number
  >
>;

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: SvgAttributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  append(made, children);
  return made;
}

/** Replaces what is in `parent`. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** A screen reader says it as soon as it has finished what it says. */
export function announce(text: string): void {
  const place = document.getElementById('announcer');
  if (place) place.textContent = text;
}

function setAttributes(
  made: Element,
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === 'string') parent.append(document.createTextNode(child));
    else if (child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}
