// Our answers for random meshes against recorded ones of Istio's own generator. See test/oracle/README.md; refresh.ts there asks it anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './oracle/compare.ts';
import { samples, type Sample } from './oracle/generate.ts';
import { profiles } from './oracle/profiles/all.ts';
import { generatorHash, readGolden, unpack } from './oracle/golden.ts';
import { ourAnswer } from './oracle/ours.ts';
import { compareTraces } from './oracle/trace.ts';

const golden = readGolden();

test('the meshes are those that were asked about', () => {
  assert.equal(
    generatorHash(),
    golden.generator,
    'the generator makes other meshes now: run test/oracle/refresh.ts --write',
  );
  assert.ok(golden.count >= 300 && golden.answers.length === golden.count);
});

/** The oracle is asked a hundred at a time, each hundred with a seed of its own. */
const meshes: readonly Sample[] = Array.from({ length: Math.ceil(golden.count / golden.batch) }, (_, i) =>
  samples(golden.seed + i, Math.min(golden.batch, golden.count - i * golden.batch)),
).flat();

test(`${golden.count} random meshes: binding, chains, TLS and verdicts are Istio's`, () => {
  let compared = 0;
  let open = 0;
  for (const [i, answer] of golden.answers.entries()) {
    const result = compare(unpack(answer), ourAnswer(meshes[i]!, new Set(answer.refused ?? [])));
    assert.deepEqual(
      result.differences,
      [],
      `mesh ${i % golden.batch} of seed ${golden.seed + Math.floor(i / golden.batch)}`,
    );
    compared += result.compared;
    open += result.open;
  }
  assert.ok(open < compared / 10, `${open} of ${compared} answers are left open`);
});

test("traces end as Istio's answers have it", () => {
  let traced = 0;
  for (const [i, answer] of golden.answers.entries()) {
    const result = compareTraces(meshes[i]!, new Set(answer.refused ?? []), unpack(answer));
    assert.deepEqual(
      result.differences,
      [],
      `mesh ${i % golden.batch} of seed ${golden.seed + Math.floor(i / golden.batch)}`,
    );
    traced += result.traced;
  }
  assert.ok(traced > 300, `only ${traced} requests were traced`);
});

for (const [name, profile] of Object.entries(profiles))
  test(`meshes of profile ${name}: the answers are Istio's`, () => {
    const recorded = readGolden(name);
    assert.equal(
      generatorHash(profile),
      recorded.generator,
      `the generator makes other meshes now: run test/oracle/refresh.ts --profile ${name} --count ${recorded.count} --write`,
    );
    assert.ok(recorded.count >= 40 && recorded.answers.length === recorded.count);
    const own = samples(recorded.seed, recorded.count, profile);
    const results = recorded.answers.map((answer, i) =>
      compare(unpack(answer), ourAnswer(own[i]!, new Set(answer.refused ?? []), profile)),
    );
    for (const [i, { differences }] of results.entries())
      assert.deepEqual(differences, [], `mesh ${i} of seed ${recorded.seed}`);
    const [open, compared] = [
      results.reduce((sum, one) => sum + one.open, 0),
      results.reduce((sum, one) => sum + one.compared, 0),
    ];
    assert.ok(open < compared / 10, `${open} of ${compared} answers are left open`);
  });

test('a different answer would be seen', () => {
  const [i, answer] = [...golden.answers.entries()].find(([, { ports }]) =>
    Object.values(ports).some((text) => /^[ad]/.test(text)),
  )!;
  const [key, text] = Object.entries(answer.ports).find(([, one]) => /^[ad]/.test(one))!;
  const turned = {
    ...answer,
    ports: {
      ...answer.ports,
      [key]: text.replace(/^[ad]+/, (calls) =>
        calls
          .split('')
          .map((one) => (one === 'a' ? 'd' : 'a'))
          .join(''),
      ),
    },
  };
  assert.equal(compare(unpack(turned), ourAnswer(meshes[i]!, new Set(answer.refused ?? []))).differences.length, 1);
  assert.deepEqual(compare(unpack(answer), ourAnswer(meshes[i]!, new Set(answer.refused ?? []))).differences, []);
});
