// What the extension loads before it is awake in Node: not the library of the language client, which takes as long as all the rest.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../kit/lsp-client.ts';

const imports = /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms;

/** Modules that are evaluated with a file: those of its import statements, not of `import()`. */
function loadedWith(path: string, seen = new Map<string, string>(), by = path): ReadonlyMap<string, string> {
  if (seen.has(path)) return seen;
  seen.set(path, by);
  for (const [, name = ''] of readFileSync(join(root, path), 'utf8').matchAll(imports))
    if (name.startsWith('.')) loadedWith(join(dirname(path), name), seen, path);
    else seen.set(name, path);
  return seen;
}

const isLibrary = (name: string) => /^vscode-(?:languageclient|languageserver|jsonrpc)/.test(name);

test('waking up loads no library of the language client', () => {
  const loaded = loadedWith('client/src/extension.ts');
  assert.deepEqual(
    [...loaded].filter(([name]) => isLibrary(name)),
    [],
  );
  assert.ok(loaded.has('client/src/language-server.ts') && loaded.has('vscode'));
});

test('the library is found where it is loaded', () => {
  assert.ok([...loadedWith('client/src/node-client.ts').keys()].some(isLibrary));
});
