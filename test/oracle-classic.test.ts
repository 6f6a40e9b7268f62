// Our traces of clients with sidecars against recorded answers of Istio's own generator. See test/oracle/README.md; classic/refresh.ts there asks it anew.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compareClassic } from './oracle/classic/compare.ts';
import { goldenPath, unpackClassic, type ClassicGolden } from './oracle/classic/golden.ts';
import { classicProfiles, classicSample, onceDifferent, samplesHash } from './oracle/classic/sample.ts';

const golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as ClassicGolden;
const names = Object.keys(classicProfiles);

test('the meshes are those that were asked about', () => {
  assert.equal(
    samplesHash(),
    golden.generator,
    'the generator makes other meshes now: run test/oracle/classic/refresh.ts --write',
  );
  assert.deepEqual(Object.keys(golden.profiles), names);
  assert.ok(golden.count * names.length >= 300);
});

const total = { compared: 0, open: 0 };
for (const name of names)
  test(`clients with sidecars, profile ${name}: each request goes Istio's way`, () => {
    for (const [i, answer] of golden.profiles[name]!.entries()) {
      const result = compareClassic(
        classicSample(name, golden.seed + i),
        new Set(answer.refused),
        unpackClassic(answer),
      );
      assert.deepEqual(result.differences, [], `mesh ${golden.seed + i}`);
      total.compared += result.compared;
      total.open += result.open;
    }
  });

for (const [i, [name, seed]] of onceDifferent.entries())
  test(`mesh ${seed} of profile ${name}, in which an answer once differed: each request goes Istio's way`, () => {
    const answers = golden.onceDifferent[i] ?? [];
    assert.equal(answers.length, 2);
    for (const answer of answers) {
      const result = compareClassic(classicSample(name, seed), new Set(answer.refused), unpackClassic(answer));
      assert.deepEqual(result.differences, []);
      assert.ok(result.open < result.compared);
    }
  });

test('few answers are left open', () => {
  assert.ok(total.compared > 300 * 10);
  assert.ok(total.open < total.compared * 0.08, `${total.open} of ${total.compared} are open`);
});

test('another answer would be seen', () => {
  const name = 'http';
  const [i, answer] = [...golden.profiles[name]!.entries()].find(([, { outcomes }]) => outcomes.length > 1)!;
  const turned = unpackClassic(answer).map(({ lines, ...one }) => ({
    ...one,
    lines: lines.map((line) => ({ ...line, cluster: `${line.cluster}x` })),
  }));
  const sample = classicSample(name, golden.seed + i);
  const { differences, compared, open } = compareClassic(sample, new Set(answer.refused), turned);
  assert.ok(differences.length >= compared - open);
});
