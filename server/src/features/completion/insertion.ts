// The text that a choice puts into the file, in the file's own style.
import { printFlow, printKey } from '../../yaml/print.ts';
import type { Style } from '../../yaml/style.ts';
import type { Shape } from './shape.ts';

/** What has to stand before a key or item, and the column at which the word then begins. */
export interface Lead {
  readonly text: string;
  readonly column: number;
}

export const noLead = (column: number): Lead => ({ text: '', column });

/** Behind `key:` on its own line, for a map or a list that has to stand below it. */
export function leadBelow(shape: Shape, column: number, style: Style): Lead {
  const isList = shape.startsWith('list');
  const inner = column + (isList ? style.dash : style.indent);
  const dash = isList ? dashOf(style) : '';
  return { text: `${style.newline}${' '.repeat(inner)}${dash}`, column: inner + dash.length };
}

/** Before the first word of an item whose dash is not there. */
export function leadDash(column: number, style: Style): Lead {
  return { text: dashOf(style), column: column + style.item };
}

function dashOf({ item }: Style): string {
  return `-${' '.repeat(item - 1)}`;
}

/** `key: `, with the line of the first thing below it begun where it is a map or a list. */
export function keyText(
  { key, shape }: { readonly key: string; readonly shape: Shape },
  column: number,
  style: Style,
  isFlow: boolean,
): string {
  const name = printKey(key, style);
  if (shape === 'scalar') return `${name}: `;
  if (isFlow) return `${name}: ${shape === 'map' ? '{}' : '[]'}`;
  return `${name}:${leadBelow(shape, column, style).text}`;
}

/** A value of a string field stays a string: `"80"`. */
export function valueText(text: string, type: string, style: Style): string {
  const isNumber = (type === 'integer' || type === 'number' || type === 'integer or string') && /^\d+$/.test(text);
  if (isNumber || type === 'boolean') return text;
  return printFlow(text, style);
}

/** The entries of an item, line by line. */
export function itemText(entries: Readonly<Record<string, string>>, column: number, style: Style): string {
  return Object.entries(entries)
    .map(([key, value]) => `${printKey(key, style)}: ${printFlow(value, style)}`)
    .join(`${style.newline}${' '.repeat(column)}`);
}
