// The picture as a file: SVG as the command line writes it, PNG drawn from it by the browser.
import { layOut } from '../../../../../server/src/diagram/layout.ts';
import type { Scene } from '../../../../../server/src/diagram/card.ts';
import { shapesOf } from '../../../../../server/src/diagram/shapes.ts';
import { svgDocument, titleOf } from '../../../../../server/src/diagram/svg.ts';
import type { MapGraph } from '../protocol.ts';

/** In the theme that is seen. */
export function svgText(graph: MapGraph, scene: Scene): string {
  const { classList } = document.body;
  const isDark =
    classList.contains('vscode-dark') ||
    (classList.contains('vscode-high-contrast') && !classList.contains('vscode-high-contrast-light'));
  const layout = layOut(scene);
  return svgDocument(shapesOf(layout), layout, titleOf(graph), isDark ? 'dark' : 'light');
}

/** Sharp on screens with small pixels too. */
const scale = 2;

/** In base64. */
export async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no pictures');
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
