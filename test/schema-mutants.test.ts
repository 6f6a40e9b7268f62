// Recorded answers of a real API server with Istio's webhook to thousands of mutants, against ours. See test/schema-mutants/README.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, readGolden } from './schema-mutants/golden.ts';
import { unchanged } from './schema-mutants/generate.ts';
import { ourAnswer } from './schema-mutants/ours.ts';

const golden = readGolden();

test('the mutants are those that were asked about', () => {
  assert.equal(
    hashOf(golden.mutants),
    golden.hash,
    'the generator makes other mutants now: run test/schema-mutants/refresh.ts --write',
  );
  assert.ok(golden.answers.length >= 1000);
  for (const letter of ['r', 't', 'w']) assert.ok(golden.answers.includes(letter), `no answer is ${letter}`);
});

test('nothing is said against the valid objects', () => {
  assert.deepEqual(
    unchanged().flatMap((object) => (ourAnswer(object).refused ? ourAnswer(object).messages : [])),
    [],
  );
});

for (const kind of new Set(golden.mutants.map((object) => `${object.apiVersion} ${object.kind}`))) {
  test(`what is refused and what is warned of: ${kind}`, () => {
    const differences = [...golden.mutants.entries()]
      .filter(([, object]) => `${object.apiVersion} ${object.kind}` === kind)
      .flatMap(([i, object]) => {
        const theirs = golden.answers[i];
        const { refused, discouraged, noted, messages } = ourAnswer(object);
        const agrees = theirs === 'r' ? refused : !refused && (theirs === 'w' ? noted : !discouraged);
        return agrees ? [] : [`${i} is ${theirs} there; ours: ${messages.join(' ')} ${JSON.stringify(object)}`];
      });
    assert.deepEqual(differences, []);
  });
}
