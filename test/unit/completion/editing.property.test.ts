// At every place of manifests, whole and broken, an editor's questions are answered, and what completion inserts is read as promised.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FieldPath } from '../../../server/src/base/field-path.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { manifestChoices } from '../../../server/src/features/completion/complete.ts';
import type { ManifestChoice } from '../../../server/src/features/completion/choice.ts';
import { manifestCursor } from '../../../server/src/features/completion/manifest-cursor.ts';
import { hoverAt } from '../../../server/src/features/hover.ts';
import { definitionAt } from '../../../server/src/features/navigation/definition.ts';
import { placesIn, subjectAt } from '../../../server/src/features/navigation/references.ts';
import { renameSubject } from '../../../server/src/features/navigation/rename.ts';
import { typeDefinitionAt } from '../../../server/src/features/navigation/type-definition.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { at } from '../../../server/src/yaml/read.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const texts = [
  ...readdirSync('examples')
    .filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'))
    .map((name) => readFileSync(`examples/${name}`, 'utf8')),
  readFileSync('test/pages/mesh/egress.yaml', 'utf8'),
];

/** Numbers that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

/** Cut, with a piece taken out, or with something typed. */
function broken(text: string, next: (below: number) => number): string {
  const from = next(text.length);
  const typed = ['- ', 'x', ':', '"', '{', '[', '}', '\t', '&a ', '*a', '#', '\r\n', '---\n', '🚪', '  '];
  switch (next(4)) {
    case 0:
      return text.slice(0, from);
    case 1:
      return text.slice(0, from) + text.slice(from + next(30));
    case 2:
      return text.replaceAll('\n', '\r\n');
    default:
      return text.slice(0, from) + typed[next(typed.length)]! + text.slice(from);
  }
}

/** Every question at an offset; what completion offers there. */
function ask(text: string, offsets: readonly number[]): void {
  const uri = 'file:///a.yaml';
  const workspace = newWorkspace();
  workspace.setFile(uri, text);
  workspace.refresh();
  const host = {
    textOf: () => text,
    documentAt: () => undefined,
    exists: () => true,
  };
  const navigated = { workspace, host, uri };
  for (const offset of offsets) {
    const { choices } = manifestChoices({ workspace, uri, text, offset });
    for (const choice of choices.slice(0, 8)) checkPromise(text, offset, choice);
    definitionAt(navigated, offset);
    typeDefinitionAt(navigated, offset);
    renameSubject(navigated, offset);
    const subject = subjectAt(navigated, offset);
    if (subject) for (const { span } of placesIn(navigated, subject.entities)) assert.ok(span.end <= text.length);
    hoverAt({ workspace, host, uri, offset, pages: new Map(), pageUri: () => undefined });
  }
}

const errorsIn = (text: string): number =>
  splitDocuments(text).reduce((sum, chunk) => sum + parseDocument(chunk.text).errors.length, 0);

/** In a text without errors: it stays so, and the value is where the cursor was. */
function checkPromise(text: string, offset: number, choice: ManifestChoice): void {
  const cursor = manifestCursor(text, offset);
  if (errorsIn(text) > 0 || cursor === undefined || cursor.is === 'start') return;
  const after = applyEdits(text, [{ span: choice.replace, newText: choice.newText }, ...(choice.also ?? [])]);
  const where = `${choice.label} at ${offset} of\n${text}`;
  // A key that goes before text on its line leaves that text without a place.
  const lineRest = /^[^\n]*/.exec(text.slice(choice.replace.end))![0].trim();
  if (lineRest !== '' && choice.kind === 'key') return;
  assert.equal(errorsIn(after), 0, where);
  if (choice.kind === 'key') assert.ok(hasKey(after, cursor.path, choice.label), where);
  if (cursor.is !== 'value' || choice.kind === 'key' || cursor.path.length === 0) return;
  const values = splitDocuments(after).flatMap((chunk) => {
    const { root } = parseDocument(chunk.text);
    const node = root && at(root, cursor.path);
    const nodes = node?.kind === 'seq' ? node.items : [node];
    return nodes.flatMap((one) => (one?.kind === 'scalar' ? [String(one.value)] : []));
  });
  assert.ok(values.includes(choice.label) || lineRest !== '', where);
}

/** In the map of the path, or in an item of its list. In a List of objects the path begins at one of them. */
function hasKey(text: string, path: FieldPath, key: string): boolean {
  return splitDocuments(text).some((chunk) => {
    const { root } = parseDocument(chunk.text);
    const node = root && at(root, path);
    const maps = node?.kind === 'seq' ? node.items : [node];
    return maps.some((map) => map?.kind === 'map' && map.entries.some((entry) => String(entry.key.value) === key));
  });
}

test('at every offset of whole manifests', () => {
  for (const text of texts)
    ask(
      text,
      Array.from({ length: text.length + 1 }, (_, i) => i),
    );
});

test('at places of broken manifests', () => {
  const next = numbers(13);
  for (let run = 0; run < 150; run++) {
    const text = broken(broken(texts[next(texts.length)]!, next), next);
    ask(
      text,
      Array.from({ length: 8 }, () => next(text.length + 1)),
    );
  }
});
