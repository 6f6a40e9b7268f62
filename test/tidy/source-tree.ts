// The code as the tidy tests see it: a map of paths to texts, so that a made-up tree can stand in for the real one.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';

/** Texts by path from the project's root, with `/` between names. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** A path of the tree, or the name of a package. */
  readonly to: string;
}

export const projectRoot = resolve(import.meta.dirname, '../..');

export function readTree(folders: readonly string[], root = projectRoot): Tree {
  const tree = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !/\.(ts|mjs)$/.test(entry.name) || entry.parentPath.includes('node_modules')) continue;
      const path = join(entry.parentPath, entry.name);
      tree.set(path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
    }
  }
  return tree;
}

const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;
const strings = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** The code without comments; lines stay where they are. */
export function withoutComments(text: string): string {
  return text.replace(comments, (comment) => comment.replace(/[^\n]/g, ''));
}

/** The code without comments and without what its strings say. */
export function withoutTexts(text: string): string {
  return withoutComments(text).replace(strings, (string) => `''${string.replace(/[^\n]/g, '')}`);
}

const importing =
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\brequire\s*\(\s*['"]([^'"]+)['"]/g;

/** Every import of a file, types too: a type that is known is a dependency. */
export function importsOf(path: string, text: string): readonly Import[] {
  return [...withoutComments(text).matchAll(importing)].map((match) => {
    const named = match.slice(1).find((group) => group !== undefined) ?? '';
    return { from: path, to: named.startsWith('.') ? posix.normalize(`${dirname(path)}/${named}`) : named };
  });
}

export function allImports(tree: Tree): readonly Import[] {
  return [...tree].flatMap(([path, text]) => importsOf(path, text));
}
