// The configurations that the page about other editors gives, for tests that run them as they stand there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lsp-client.ts';

const page = 'server/docs/editors.md';

/** The text of the fence below the line that begins with these words. */
export function recipe(introduction: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  const start = text.indexOf(`\n${introduction}`);
  const fence = start < 0 ? null : /\n```\w+\n([\s\S]*?)\n```\n/.exec(text.slice(start));
  if (!fence) throw new Error(`${page} has no fence below "${introduction}"`);
  return fence[1]!;
}
