// One slip is one finding, where the hand is; everything else stays read.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { readRecord } from '../../../server/src/engine/document.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { lineRepairs } from '../../../server/src/yaml/line-repairs.ts';
import { suspectLines } from '../../../server/src/yaml/slips.ts';
import { root } from '../../kit/lsp-client.ts';
import { readPage } from '../../kit/page.ts';
import {
  halfTyped,
  resourcesIn,
  type HalfTyped,
  storyFiles,
  Typing,
  withHalfTyped,
  workspaceOf,
} from '../../kit/half-typed.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 250);
/** The same states each time; another seed looks at others. */
const SEED = Number(process.env['PROPERTY_SEED'] ?? 1);
const MAX_ERRORS = 3;
/** Of one slip; each is another reading by the fast parser. */
const MAX_REPAIRS = 24;

const files = storyFiles();

test('a half-typed line at any place of the story is at most three errors, and hides and disturbs nothing', () => {
  const typing = new Typing(files);
  const counts: number[] = [];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.nat(1000),
      fc.constantFrom(...halfTyped),
      fc.constantFrom('inserted', 'inserted as below'),
      ([uri, text], place, typed, way) => {
        const lines = text.trimEnd().split('\n').length;
        const state = withHalfTyped(text, place % lines, typed, way);
        const { errors, lost, disturbed } = typing.effect(uri, state);
        counts.push(errors.length);
        assert.deepEqual({ lost, disturbed }, { lost: [], disturbed: [] }, state);
        assert.ok(errors.length <= MAX_ERRORS, [...errors, state].join('\n'));
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
  const median = counts.toSorted((a, b) => a - b)[counts.length >> 1];
  assert.equal(median, 1);
});

/** In place of another line, these can be meant as they are: another label, an empty one, a line that is gone. */
const canBeMeant = new Set<HalfTyped>([
  'key',
  'deeper key',
  'key and value',
  'open bracket',
  'colon',
  'pipe',
  'question',
  'tab',
]);

test('a half-typed line in place of any line of the story is at most three errors, hides nothing, and disturbs nothing unless it can be meant', () => {
  const typing = new Typing(files);
  const places = [...files].flatMap(([uri, text]) =>
    [...text.trimEnd().split('\n').entries()].flatMap(([at, line]) =>
      /^\s*(?:#|---|$)/.test(line) ? [] : [{ uri, text, at }],
    ),
  );
  const counts: number[] = [];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...halfTyped), ({ uri, text, at }, typed) => {
      const state = withHalfTyped(text, at, typed, 'replaced');
      const { errors, lost, disturbed } = typing.effect(uri, state);
      counts.push(errors.length);
      assert.deepEqual({ lost, disturbed: canBeMeant.has(typed) ? [] : disturbed }, { lost: [], disturbed: [] }, state);
      assert.ok(errors.length <= MAX_ERRORS, [...errors, state].join('\n'));
    }),
    { numRuns: RUNS, seed: SEED },
  );
  assert.equal(counts.toSorted((a, b) => a - b)[counts.length >> 1], 1);
});

test('a line of the story that is deleted from its end and typed again has few errors in every state', () => {
  for (const [uri, text] of files) {
    const workspace = workspaceOf(files);
    const count = resourcesIn(workspace, uri).length;
    let shown = text;
    for (const { index, 0: line } of text.matchAll(/^ *[^#\s-].*$/gm)) {
      if (line === 'kind: ServiceAccount') continue; // on the way it is a Service
      const lengths = Array.from(line, (_, length) => length);
      for (const length of [...lengths.toReversed(), ...lengths, line.length]) {
        const state = text.slice(0, index) + line.slice(0, length) + text.slice(index + line.length);
        workspace.setFile(uri, state, {}, shown);
        shown = state;
        workspace.refresh();
        const errors = workspace.findings(uri).filter(({ severity }) => severity === 'error');
        assert.ok(errors.length <= MAX_ERRORS, [...errors.map(({ message }) => message), state].join('\n'));
        // A name that is not whole is another name.
        assert.equal(resourcesIn(workspace, uri).length, count, state);
      }
    }
  }
});

test('a half-typed line in the manifests of the rules adds at most three errors, and hides and disturbs nothing', () => {
  const pages = rulePages().map((page) => new Typing(page));
  fc.assert(
    fc.property(fc.constantFrom(...pages), fc.nat(1000), fc.constantFrom(...halfTyped), (typing, place, typed) => {
      const [uri, text] = [...typing.files][place % typing.files.size]!;
      const state = withHalfTyped(text, place % text.trimEnd().split('\n').length, typed, 'inserted');
      const before = typing.effect(uri, text).errors.length;
      const { errors, lost, disturbed } = typing.effect(uri, state);
      assert.deepEqual({ lost, disturbed }, { lost: [], disturbed: [] }, state);
      assert.ok(errors.length <= before + MAX_ERRORS, [...errors, state].join('\n'));
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

/** The manifests of the rules' pages that pass, by page. */
function rulePages(): ReadonlyMap<string, string>[] {
  const rules = join(root, 'server/src/rules');
  const pages = readdirSync(rules, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !name.endsWith('README.md'),
  );
  return pages
    .flatMap((name) => readPage(readFileSync(join(rules, name), 'utf8')).sections)
    .filter(({ heading, settings }) => heading.startsWith('Passes') && settings === undefined)
    .map(({ files: all }) => all.filter(({ name, text }) => name.endsWith('.yaml') && text.includes('kind: ')))
    .filter((all) => all.length > 0)
    .map((all) => new Map(all.map(({ name, text }) => [`file:///page/${name}`, text])));
}

test('a story typed key by key has few errors in every state, and an object whose name is whole stays', () => {
  for (const [uri, text] of files) {
    let named: readonly string[] = [];
    for (let end = 1; end <= text.length; end++) {
      const state = text.slice(0, end);
      const records = splitDocuments(state).map((chunk, i) => record(uri, chunk.text, i));
      const errors = records.flatMap(({ local }) => local.filter(({ severity }) => severity === undefined));
      const objects = records.flatMap(({ resources }) => resources.map(({ kind, name }) => `${kind} ${name}`));
      assert.ok(errors.length <= MAX_ERRORS, [...errors.map(({ message }) => message), state].join('\n'));
      for (const object of named) assert.ok(objects.includes(object), `${object} is lost:\n${state}`);
      if (state.endsWith('\n')) named = objects;
    }
  }
});

test('the number of repairs that a half-typed line is read with is bounded', () => {
  for (const text of files.values()) {
    for (const typed of halfTyped) {
      const state = withHalfTyped(text, text.split('\n').length >> 1, typed, 'inserted');
      for (let at = 0; at < state.length; at += 20)
        assert.ok([...lineRepairs(state, suspectLines(state, at))].length <= MAX_REPAIRS);
    }
  }
});

function record(uri: string, text: string, document: number) {
  return readRecord(text, {
    uri,
    document,
    defaultNamespace: 'default',
    overrideNamespace: undefined,
    nextId: () => 1,
    istioVersion: '1.31',
  });
}
