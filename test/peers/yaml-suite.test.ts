// Every text of the YAML test suite: the fast lane reads what the complete parser reads, errors are found, and the server stands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';
import { parseFast } from '../../server/src/yaml/fast.ts';
import { parseFull } from '../../server/src/yaml/full.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { Random } from '../fuzz/random.ts';
import { isRefusal, methods, paramsFor } from '../fuzz/requests.ts';
import { folder, startServer } from '../fuzz/server.ts';
import { yamlSuite, type YamlCase } from '../kit/yaml-suite.ts';
import { MemoryFiles } from '../unit/sources/sources-kit.ts';

const suite = await yamlSuite();
const cases: readonly YamlCase[] = typeof suite === 'string' ? [] : suite;
const skip = typeof suite === 'string' ? `the YAML test suite cannot be had: ${suite}` : false;

const inManifest = (text: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  other:\n${text.replace(/^/gm, '    ')}`;

/** `%TAG` counts for one document only, and a second `%YAML` is one too many: no manifest has either, and both are read. */
const taken: ReadonlySet<string> = new Set(['QLJ7/0', 'SF5V/0']);
/** Two keys that are empty, which Kubernetes refuses as it does every key twice; a document that begins with `%` behind one that ended. */
const refused: ReadonlySet<string> = new Set(['2JQS/0', 'M7A3/0']);

test('the fast lane reads what the complete parser reads, by itself and within a manifest', { skip }, () => {
  let fast = 0;
  for (const { id, text } of cases)
    for (const whole of [text, inManifest(text), text.replaceAll('\n', '\r\n')])
      for (const chunk of splitDocuments(whole)) {
        const read = parseFast(chunk.text);
        if (!read) continue;
        fast++;
        assert.deepEqual(read, parseFull(chunk.text), id);
      }
  assert.ok(fast > 300, `${fast} documents`);
});

test('what is not valid has an error, and what is valid has none', { skip }, () => {
  const errorsIn = (text: string) => splitDocuments(text).flatMap((chunk) => parseDocument(chunk.text).errors);
  const read = (ones: readonly YamlCase[]) =>
    ones.filter(({ text }) => errorsIn(text).length === 0).map(({ id }) => id);
  assert.ok(cases.length >= 400, `${cases.length} cases`);
  assert.deepEqual(read(cases.filter(({ fails }) => fails)), [...taken]);
  const valid = cases.filter(({ fails }) => !fails);
  assert.deepEqual(
    valid.filter(({ text }) => errorsIn(text).length > 0).map(({ id }) => id),
    [...refused],
  );
});

test('the rules take each text, also below a manifest', { skip }, () => {
  for (const { text } of cases)
    analyzeFiles([
      { uri: 'file:///a.yaml', text },
      { uri: 'file:///b.yaml', text: inManifest(text) },
    ]);
});

test('the server answers every request about each text', { skip }, async () => {
  const random = new Random(1);
  const disk = new MemoryFiles();
  for (const [at, { text }] of cases.entries()) disk.put(`/w/${at}.yaml`, at % 2 === 0 ? text : inManifest(text));
  const server = await startServer(disk, new Map(), null);
  const inFile = methods.filter((name) => name.startsWith('textDocument/'));
  const failures: string[] = [];
  try {
    for (const [at, { id, text }] of cases.entries()) {
      const uri = `${folder}/${at}.yaml`;
      const shown = at % 2 === 0 ? text : inManifest(text);
      const document = { uri, languageId: 'yaml', version: 1, text: shown };
      await server.connection.sendNotification('textDocument/didOpen', { textDocument: document });
      const lines = shown.split('\n').length;
      for (const method of inFile) {
        const place = { uri, line: random.below(lines), character: random.below(8), lines };
        await server.connection
          .sendRequest(method, paramsFor(method, place, random))
          .catch((error: Error & { readonly code?: number }) => {
            if (!isRefusal(error)) failures.push(`${id} ${method}: ${error.message}`);
          });
      }
      await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    }
    assert.deepEqual([...failures, ...server.faults], []);
  } finally {
    server.dispose();
  }
});
