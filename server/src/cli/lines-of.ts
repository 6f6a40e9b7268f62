/** A longer line is not a log line; it is counted but not stored. */
const longest = 1024 * 1024;

/** The lines of a text that comes in pieces, each as soon as it is whole; undefined for one that is too long. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string | undefined> {
  let rest = '';
  let isLost = false;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      yield isLost || line.length > longest ? undefined : line.replace(/\r$/, '');
      isLost = false;
    }
    if (rest.length > longest) [rest, isLost] = ['', true];
  }
  if (rest !== '' || isLost) yield isLost ? undefined : rest.replace(/\r$/, '');
}
