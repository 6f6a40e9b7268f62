// Keystrokes in a file of an editor, and how long its diagnostics take.
import type { EditorClient, Position } from '../editor/editor-client.ts';

export interface Edited {
  readonly uri: string;
  readonly text: string;
}

export interface Waits {
  /** In milliseconds from the edit to its diagnostics. */
  readonly wall: readonly number[];
  /** Of the server's thread meanwhile; undefined where the system does not tell. */
  readonly processor: readonly number[] | undefined;
}

const warmUp = 20;

export function editedFile(size: string): string {
  return `edited-${size.replace(' ', '-')}.yaml`;
}

/** One after the other: each waits for the diagnostics of the one before. Every second one makes a value invalid. */
export async function keystrokes(
  editor: EditorClient,
  edited: Edited,
  count: number,
  isOver = () => false,
): Promise<Waits> {
  const { uri, text } = edited;
  const opened = editor.published(uri, editor.version);
  await editor.open(uri, text);
  await opened;
  const [wall, processor]: [number[], number[]] = [[], []];
  for (let i = 0; i < count + warmUp && !isOver(); i += 1) {
    const [before, start] = [editor.processorTime(), performance.now()];
    await keystroke(editor, edited, i);
    const [end, after] = [performance.now(), editor.processorTime()];
    if (i < warmUp && Number.isFinite(count)) continue;
    wall.push(end - start);
    if (before !== undefined && after !== undefined) processor.push(after - before);
  }
  await editor.close(uri);
  return { wall, processor: processor.length > 0 ? processor : undefined };
}

/** As someone types, without waiting: the time to the diagnostics of each version, or of a later one. */
export async function typed(
  editor: EditorClient,
  edited: Edited,
  { ms, count }: { readonly ms: number; readonly count: number },
): Promise<readonly number[]> {
  const opened = editor.published(edited.uri, editor.version);
  await editor.open(edited.uri, edited.text);
  await opened;
  const times: Promise<number>[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    times.push(keystroke(editor, edited, i).then(() => performance.now() - start));
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  const all = await Promise.all(times);
  await editor.close(edited.uri);
  return all;
}

async function keystroke(editor: EditorClient, { uri, text }: Edited, i: number): Promise<void> {
  const at = placeBehind(text, '  resolution: ');
  const published = editor.published(uri, editor.version + 1);
  if (i % 2 === 0) await editor.edit(uri, at, at, 'X');
  else await editor.edit(uri, at, { ...at, character: at.character + 1 }, '');
  await published;
}

/** In the middle of the file. */
function placeBehind(text: string, behind: string): Position {
  const at = text.indexOf(behind, text.length / 2 - behind.length * 100);
  if (at < 0) throw new Error(`the file has no ${JSON.stringify(behind)}`);
  const before = text.slice(0, at + behind.length);
  return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
}
