// The dash of a list's first item, put when a person presses Enter behind the list's key.
import type { TextEdit } from '../../base/text-edit.ts';
import { describeField } from '../../schema/describe.ts';
import { lineEnd, lineStart } from '../../yaml/lines.ts';
import { leadDash } from './insertion.ts';
import { manifestCursor } from './manifest-cursor.ts';

/** `offset` is on the new line. */
export function dashAfterEnter(text: string, offset: number): readonly TextEdit[] {
  const start = lineStart(text, offset);
  const end = lineEnd(text, offset);
  const above = text.slice(lineStart(text, start - 1), Math.max(0, start - 1)).trimEnd();
  const key = /^( *)(?:- +)*[\w./-]+:$/.exec(above);
  if (start === 0 || key === null || text.slice(start, end).trim() !== '') return [];
  const column = above.length - above.trimStart().replace(/^(?:- +)*/, '').length;
  // Below the key, wherever the editor put the cursor: deeper, so that it is read as what the key holds.
  const deeper = `${text.slice(0, start)}${' '.repeat(column + 2)}${text.slice(end)}`;
  const cursor = manifestCursor(deeper, start + column + 2);
  if (cursor === undefined || cursor.is === 'start' || cursor.inItem || cursor.beside.length > 0) return [];
  const type = describeField(cursor.apiVersion ?? '', cursor.kind ?? '', cursor.path)?.type ?? '';
  if (!type.startsWith('list')) return [];
  const dash = leadDash(column + cursor.style.dash, cursor.style);
  return [{ span: { start, end }, newText: `${' '.repeat(column + cursor.style.dash)}${dash.text}` }];
}
