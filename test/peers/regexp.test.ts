// Random patterns beside Go's regexp, which istiod reads expressions with. Another seed: RE2_SEED=7 RE2_COUNT=300000.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { ourAnswer } from '../kit/our-regexp-answer.ts';
import { randomPatterns } from '../kit/random-patterns.ts';
import { askGo } from '../unit/base/patterns/go-answers.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const count = Number(process.env.RE2_COUNT ?? 20_000);
const seed = Number(process.env.RE2_SEED ?? 20261129);

test(`${count} patterns of seed ${seed} are read and matched as Go does`, {
  skip: hasGo ? false : 'Go is not installed',
}, () => {
  const questions = randomPatterns(count, seed);
  const answers = askGo(questions);
  for (const [i, question] of questions.entries())
    assert.equal(ourAnswer(question), answers[i], JSON.stringify(question));
});
