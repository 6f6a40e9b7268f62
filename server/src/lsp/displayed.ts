// What an editor shows of an answer: names and hosts in it come from files, and some of them act on whatever shows them.
import { isRecord } from '../base/is-record.ts';
import { visibleLine, visibleText } from '../base/visible.ts';

/** Properties of standard answers that are shown as one line. */
const lines: ReadonlySet<string> = new Set([
  'containerName',
  'description',
  'detail',
  'label',
  'message',
  'name',
  'title',
  'tooltip',
]);

/** Shown as several lines: plain text or Markdown. */
const texts: ReadonlySet<string> = new Set(['contents', 'documentation']);

/** Texts of files and data that only the server reads: these stay as they are. `edit` has annotations beside them. */
const data: ReadonlySet<string> = new Set([
  'arguments',
  'data',
  'diagnostics',
  'documentChanges',
  'changes',
  'textEdit',
  'uri',
]);

/** A standard answer with what is shown made visible. */
export function displayed(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(displayed);
  if (!isRecord(answer)) return answer;
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, shown(key, value)]));
}

function shown(key: string, value: unknown): unknown {
  if (typeof value === 'string') return lines.has(key) ? visibleLine(value) : value;
  if (typeof value !== 'object' || value === null || data.has(key)) return value;
  return texts.has(key) ? visibleContents(value) : displayed(value);
}

function visibleContents(contents: object): unknown {
  return Object.fromEntries(
    Object.entries(contents).map(([key, value]) => [key, typeof value === 'string' ? visibleText(value) : value]),
  );
}
