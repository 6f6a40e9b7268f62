// The picture as an SVG file that stands by itself, light or dark as its reader's system is.
import { clean } from './clean.ts';
import type { EgressGraph } from './graph.ts';
import { layOut } from './layout.ts';
import { sceneOf } from './scene.ts';
import { shapesOf, type Shape } from './shapes.ts';
import { countsOf } from './words.ts';

type Scheme = 'light' | 'dark';

const palettes: Readonly<Record<Scheme, string>> = {
  light:
    '--back:#fff;--box:#f6f8fa;--text:#1f2328;--soft:#59636e;--edge:#8c959f;--all:#1a7f37;--some:#8a5a00;--none:#cf222e;--open:#59636e;--warn:#9a6700;--error:#cf222e',
  dark: '--back:#0d1117;--box:#161b22;--text:#e6edf3;--soft:#9198a1;--edge:#6e7681;--all:#3fb950;--some:#d29922;--none:#f85149;--open:#9198a1;--warn:#d29922;--error:#f85149',
};

/** Of lines and texts, for a page too, which gives the colors: dashes say what colors say. */
export const pictureRules = `
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--text)}
.name{font-weight:600}.detail,.word,.legend{fill:var(--soft)}.detail,.word{font-size:11px}
.back{fill:var(--back)}.box{fill:var(--box);stroke:var(--edge)}.gateway .box{stroke-width:2}.warning .box{stroke:var(--warn);stroke-width:2;stroke-dasharray:6 3}
.stripe,.target{fill:none;stroke:none}.chevron{fill:none;stroke:var(--soft);stroke-width:1.5}
.line{fill:none;stroke-width:1.5}
.all .line{stroke:var(--all)}.some .line,.mixed .line{stroke:var(--some);stroke-dasharray:9 3}
.none .line{stroke:var(--none);stroke-dasharray:2 4}.undetermined .line{stroke:var(--open);stroke-dasharray:7 3 2 3}
.bypasses .line,.line.bypasses{stroke:var(--warn);stroke-width:3}.badge{fill:var(--soft)}.badge.error{fill:var(--error)}.badge.warning{fill:var(--warn)}`;

/** Without `scheme` both are in it, and the reader's system decides. */
export function svgOf<Place>(graph: EgressGraph<Place>, { scheme }: { readonly scheme?: Scheme } = {}): string {
  const layout = layOut(sceneOf(graph));
  return svgDocument(shapesOf(layout), layout, titleOf(graph), scheme);
}

const legendHeight = 34;
const leastWidth = 780;

export function svgDocument(
  shapes: readonly Shape[],
  { width, height }: { readonly width: number; readonly height: number },
  title: string,
  scheme?: Scheme,
): string {
  const [wide, high] = [Math.max(width, leastWidth), height + legendHeight];
  const colors =
    scheme === undefined
      ? `svg{${palettes.light}}@media(prefers-color-scheme:dark){svg{${palettes.dark}}}`
      : `svg{${palettes[scheme]}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="img" aria-label="${escapeXml(title)}">`,
    `<style>${colors}${pictureRules}</style>`,
    `<rect class="back" width="${wide}" height="${high}"/>`,
    ...shapes.map(xmlOf),
    ...legend(height).map(xmlOf),
    '</svg>\n',
  ].join('\n');
}

export function titleOf<Place>(graph: EgressGraph<Place>): string {
  return `Egress: ${countsOf(graph)}`;
}

/** The last number is the width that each takes. */
const lines = [
  ['all', 'all requests', 125],
  ['some', 'some requests', 135],
  ['none', 'denied or not possible', 180],
  ['undetermined', 'undetermined', 130],
  ['all bypasses', 'past its gateway', 150],
] as const;

function legend(top: number): readonly Shape[] {
  return lines.map(([kind, words], i) => ({
    tag: 'g' as const,
    attributes: {
      class: kind,
      transform: `translate(${lines.slice(0, i).reduce((sum, [, , width]) => sum + width, 16)} ${top + 10})`,
    },
    children: [
      { tag: 'path' as const, attributes: { class: 'line', d: 'M0 0h28' }, children: [] },
      { tag: 'text' as const, attributes: { class: 'legend', x: 34, y: 4 }, children: [words] },
    ],
  }));
}

function xmlOf(one: Shape | string): string {
  if (typeof one === 'string') return escapeXml(one);
  const attributes = Object.entries(one.attributes).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`);
  const inside = one.children.map(xmlOf).join('');
  return inside === ''
    ? `<${one.tag}${attributes.join('')}/>`
    : `<${one.tag}${attributes.join('')}>${inside}</${one.tag}>`;
}

function escapeXml(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
