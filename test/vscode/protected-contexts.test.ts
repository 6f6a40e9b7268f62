import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProtected } from '../../client/src/ui/protected-contexts.ts';

const table: readonly (readonly [string, readonly string[], boolean])[] = [
  ['prod', ['*prod*'], true],
  ['eu-production-1', ['*prod*'], true],
  ['arn:aws:eks:eu:1:cluster/PROD', ['*prod*'], true],
  ['staging', ['*prod*'], false],
  ['staging', ['*prod*', 'staging'], true],
  ['staging-2', ['staging'], false],
  ['a.b', ['a.b'], true],
  ['axb', ['a.b'], false],
  ['(x)', ['(x)', '['], true],
  ['anything', ['*'], true],
  ['anything', [], false],
];

for (const [context, patterns, expected] of table)
  test(`${context} with ${JSON.stringify(patterns)} is ${expected ? '' : 'not '}protected`, () => {
    assert.equal(isProtected(context, patterns), expected);
  });
