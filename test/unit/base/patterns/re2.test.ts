// RE2's syntax and answers, compared with those of Go's regexp; and patterns that would never end in an engine that backtracks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isTooLargeForEnvoy, literal, re2 } from '../../../../server/src/base/patterns/re2.ts';
import { matchesParts } from '../../../../server/src/base/patterns/wildcards.ts';
import { ourAnswer } from '../../../kit/our-regexp-answer.ts';
import { randomPatterns } from '../../../kit/random-patterns.ts';
import { recordedCount, recordedFile, recordedSeed } from './go-answers.ts';

function matches(pattern: string, text: string): boolean | undefined {
  const expression = re2(pattern);
  assert.equal(expression.kind, 'valid', pattern);
  return expression.kind === 'valid' ? expression.matches(text) : undefined;
}

test(`${recordedCount} random patterns are read and matched as Go's regexp does`, () => {
  const recorded = readFileSync(recordedFile, 'utf8').trimEnd().split('\n');
  const questions = randomPatterns(recordedCount, recordedSeed);
  assert.equal(recorded.length, recordedCount);
  for (const [i, question] of questions.entries())
    assert.equal(ourAnswer(question), recorded[i], JSON.stringify(question));
});

test('an error names the reason and the part', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['(a', 'missing closing )', '(a'],
    ['a)', 'unexpected )', 'a)'],
    ['*a', 'missing argument to repetition operator', '*'],
    ['a**', 'invalid nested repetition operator', '**'],
    ['(?=a)', 'invalid or unsupported Perl syntax', '(?='],
    ['(?<=a)', 'invalid named capture', '(?<=a)'],
    ['[b-a]', 'invalid character class range', 'b-a'],
    ['(a)\\1', 'invalid escape sequence', '\\1'],
    ['a{1001}', 'invalid repeat count', '{1001}'],
    ['(?:a{100}){100}', 'invalid repeat count', '{100}'],
    ['a\\', 'trailing backslash at end of expression', ''],
    ['('.repeat(2000), 'expression nests too deeply', ''],
  ];
  for (const [pattern, reason, part] of cases)
    assert.deepEqual(re2(pattern), { kind: 'invalid', error: { reason, part } }, pattern);
});

test('patterns that make a backtracking engine run for ever are answered', { timeout: 20_000 }, () => {
  const long = 'a'.repeat(8000);
  for (const pattern of ['(a+)+b', '(a*)*b', '(a|aa)+b', `${'.*'.repeat(10)}x`, '(a?){500}(a){500}', '\\b(a+)+\\bb'])
    assert.equal(matches(pattern, long), false, pattern);
  assert.equal(matches('(x|y|a){1000}(.*){1000}', long), true);
});

test('an answer that takes too many steps is unknown', () => {
  assert.equal(matches('(.{1,1000}|a{1,999}b).{999}'.repeat(4), 'a'.repeat(20_000)), undefined);
});

test('an expression that Envoy surely refuses for its size', () => {
  assert.equal(isTooLargeForEnvoy('.{1000}'.repeat(33)), true);
  assert.equal(isTooLargeForEnvoy('.{1000}'.repeat(32)), false);
  // RE2 merges these: the ways of a choice, and repetitions of what may be empty.
  assert.equal(isTooLargeForEnvoy('(a|b|c){1000}'.repeat(20)), false);
  assert.equal(isTooLargeForEnvoy('(a*){1000}'.repeat(40)), false);
  assert.equal(re2('.{1000}'.repeat(40)).kind, 'too-large');
  assert.equal(re2('a'.repeat(100_000)).kind, 'too-large');
});

test('a literal matches itself only', () => {
  const text = 'a.*+?^${}()|[]\\/b';
  assert.equal(matches(literal(text), text), true);
  assert.equal(matches(literal('a.b'), 'axb'), false);
});

test('parts in their order, with any text between them', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['a*', 'a', true],
    ['*prod*', 'my-prod-1', true],
    ['a*a', 'a', false],
    ['a*b*a', 'aba', true],
    ['a*ba*a', 'aba', false],
    ['*.a', 'b.a.a', true],
  ];
  for (const [pattern, text, expected] of cases)
    assert.equal(matchesParts(pattern.split('*'), text), expected, pattern);
  assert.equal(matchesParts(`${'*a'.repeat(50)}b`.split('*'), 'a'.repeat(100_000)), false);
});
