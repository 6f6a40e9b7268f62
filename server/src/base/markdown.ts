import { visibleLine } from './visible.ts';

/** A text as Markdown that shows it, in one line: nothing in it becomes a link, an element or another line. */
export function escapeMarkdown(text: string): string {
  return visibleLine(text).replace(/[\\`*_{}[\]<>|~&]/g, '\\$&');
}
