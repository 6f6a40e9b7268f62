// Each rule says what its findings claim of requests, so that a property can hold them to traces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentRules, rules } from '../../server/src/rules/index.gen.ts';
import { claims } from '../kit/claims-of-rules.ts';

test('test/kit/claims-of-rules.ts has each rule and no other', () => {
  const ids = [...rules, ...documentRules].map(({ id }) => id);
  assert.deepEqual(Object.keys(claims).sort(), ids.sort());
});
