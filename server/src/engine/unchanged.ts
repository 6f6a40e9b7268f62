// Finds the documents of a file that an edit did not change: those before and after it.
import { hashText } from '../base/hash.ts';
import type { Chunk } from '../yaml/node.ts';
import type { DocumentRecord } from './document.ts';

export interface Unchanged {
  /** For each chunk the record that stands, undefined if it has to be read. */
  readonly kept: readonly (DocumentRecord | undefined)[];
  readonly dropped: readonly DocumentRecord[];
}

/**
 * A document that was read with lines from before an edit stands only while its file `isTyped`: saved or closed, it is what it says.
 * `textOf` gives the text that a record was read from, where that is at hand: to compare texts takes a tenth of what their hashes take.
 */
export function unchanged(
  records: readonly DocumentRecord[],
  chunks: readonly Chunk[],
  isTyped: boolean,
  textOf?: (place: number) => string,
): Unchanged {
  const same = (place: number, i: number) => {
    const record = records[place];
    const text = chunks[i]?.text;
    if (!record || text === undefined || (!isTyped && record.standIn !== undefined)) return false;
    if (record.length !== text.length) return false;
    return textOf ? textOf(place) === text : record.hash === hashText(text);
  };
  let head = 0;
  while (head < chunks.length && same(head, head)) head++;
  let tail = 0;
  while (
    tail < chunks.length - head &&
    tail < records.length - head &&
    same(records.length - 1 - tail, chunks.length - 1 - tail)
  )
    tail++;
  const kept = chunks.map((_, i) => {
    const fromEnd = chunks.length - i;
    if (i < head) return records[i];
    return fromEnd <= tail ? records[records.length - fromEnd] : undefined;
  });
  return { kept, dropped: records.slice(head, records.length - tail) };
}
