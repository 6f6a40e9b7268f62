// Maps a rendered line to a line of its template. Only certain matches count: lines from loops and values have none.
import { matchesParts } from '../../base/patterns/wildcards.ts';

/** For each rendered line the line of the template, 0-based. Both are lines without their ends. */
export function templateLines(
  rendered: readonly string[],
  template: readonly string[],
): readonly (number | undefined)[] {
  const found: (number | undefined)[] = rendered.map(() => undefined);
  const anchors = inOrder(uniquePairs(rendered, template));
  for (const [line, origin] of anchors) found[line] = origin;
  for (const [line, origin] of anchors)
    for (const step of [1, -1]) follow(found, { rendered, template, line, origin, step });
  // What a loop makes is there many times: its plain lines are known by those beside them.
  const contexts = once(template.map((_, origin) => contextOf(template, origin)));
  rendered.forEach((_, line) => {
    found[line] ??= contexts.get(contextOf(rendered, line));
  });
  return found;
}

/** A line with those beside it; of its own where it is not plain text between plain text. */
function contextOf(lines: readonly string[], at: number): string {
  const around = [lines[at - 1], lines[at], lines[at + 1]];
  return around.every((line) => line !== undefined && line.trim() !== '' && !line.includes('{{'))
    ? around.join('\n')
    : '';
}

interface Way {
  readonly rendered: readonly string[];
  readonly template: readonly string[];
  readonly line: number;
  readonly origin: number;
  readonly step: number;
}

/** The lines next to a known line of the template are rendered next to it, up to the first line that is not plain text. */
function follow(found: (number | undefined)[], { rendered, template, line, origin, step }: Way): void {
  for (
    let r = line + step, t = origin + step;
    rendered[r] !== undefined && template[t] !== undefined && found[r] === undefined;
    r += step, t += step
  ) {
    const isPlain = rendered[r] === template[t] && !template[t]!.includes('{{');
    if (!isPlain && !fills(rendered[r]!, template[t]!)) return;
    found[r] = t;
    if (!isPlain) return;
  }
}

/** Whether a line is what a template's line with text of its own around its actions can become. */
function fills(line: string, template: string): boolean {
  const texts = template.split(/\{\{.*?\}\}/);
  if (texts.length < 2 || texts.every((text) => text.trim() === '')) return false;
  return matchesParts(texts, line);
}

/** Lines that are there once on both sides. */
function uniquePairs(rendered: readonly string[], template: readonly string[]): readonly (readonly [number, number])[] {
  const origins = once(template);
  return [...once(rendered)].flatMap(([text, line]) => {
    const origin = origins.get(text);
    return origin === undefined || text.trim() === '' || text.includes('{{') ? [] : [[line, origin] as const];
  });
}

function once(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return new Map(lines.flatMap((line, index) => (counts.get(line) === 1 ? [[line, index] as const] : [])));
}

/** Without pairs that are in another order than most: another line produced them. */
function inOrder(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const best: { readonly pair: readonly [number, number]; readonly length: number; readonly before: number }[] = [];
  for (const pair of pairs) {
    let before = -1;
    best.forEach((one, index) => {
      if (one.pair[1] < pair[1] && one.length > (best[before]?.length ?? 0)) before = index;
    });
    best.push({ pair, length: (best[before]?.length ?? 0) + 1, before });
  }
  const chain: (readonly [number, number])[] = [];
  let last = best.reduce((at, { length }, index) => (length > (best[at]?.length ?? 0) ? index : at), -1);
  for (; last >= 0; last = best[last]!.before) chain.unshift(best[last]!.pair);
  return chain;
}
