// Maps output of `helm template` to the template, by the `# Source:` line that helm writes above each object.
import type { Span } from '../../base/span.ts';
import type { Chunk } from '../../yaml/node.ts';
import { templateLines } from './template-lines.ts';

/** The file that a document of the output names, below the chart's folder; undefined for what names none. */
export function sourceOf(document: string): string | undefined {
  return /^# Source: [^/\n]+\/(.+?)\r?$/m.exec(document)?.[1];
}

/** A template, and what became of it. */
export interface Alignment {
  readonly template: string;
  readonly lines: readonly string[];
  readonly origins: ReadonlyMap<Chunk, readonly (number | undefined)[]>;
}

/** `documents` are those of the output that name the template. */
export function align(documents: readonly Chunk[], template: string): Alignment {
  const lines = template.split('\n');
  const found = templateLines(
    documents.flatMap(({ text }) => text.split('\n')),
    lines,
  );
  let next = 0;
  const origins = new Map(
    documents.map((document) => {
      const from = next;
      next += document.text.split('\n').length;
      return [document, found.slice(from, next)] as const;
    }),
  );
  return { template, lines, origins };
}

/** Where the template says what stands at a span of the output. */
export function helmOrigin({ template, lines, origins }: Alignment, document: Chunk, span: Span): Span | undefined {
  const { start, end } = { start: span.start - document.start, end: span.end - document.start };
  const before = document.text.slice(0, start).split('\n');
  const origin = origins.get(document)?.[before.length - 1];
  if (origin === undefined) return undefined;
  const lineStart = lines.slice(0, origin).reduce((sum, line) => sum + line.length + 1, 0);
  const at = lineStart + before.at(-1)!.length;
  // The same text where the template has it, else what the line says.
  if (template.startsWith(document.text.slice(start, end), at)) return { start: at, end: at + end - start };
  const line = lines[origin]!;
  return { start: lineStart + line.length - line.trimStart().length, end: lineStart + line.trimEnd().length };
}
