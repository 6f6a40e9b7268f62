// When the real programs are built again: the cache's key follows the code and not its comments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterPrograms, programNames, withoutComments } from '../../peers/programs.ts';

const code = 'package main\n\nvar host = "https://example.com" // where\n\n/* two\nlines */\nvar raw = `a // b`\n';

test('an edited comment or blank line asks for no build', () => {
  const edited = '// New.\npackage main\nvar host = "https://example.com"\n\n\n// other\nvar raw = `a // b` // raw\n';
  assert.equal(withoutComments(edited), withoutComments(code));
});

test('an edited string, directive or statement does', () => {
  for (const [from, to] of [
    ['example.com', 'example.org'],
    ['a // b', 'a // c'],
    ['var raw', '//go:embed file\nvar raw'],
    ['package main', 'package other'],
  ] as const)
    assert.notEqual(withoutComments(code.replace(from, to)), withoutComments(code), to);
});

test('a cluster needs every program but helm and the oracle', () => {
  assert.deepEqual(
    programNames.filter((name) => !clusterPrograms.includes(name)),
    ['oracle', 'helm'],
  );
});
