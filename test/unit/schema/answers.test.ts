// Answers of a real API server with Istio's definitions and istiod's webhook (dry-run create, strict fields) to a thousand objects around
// the rules that fields have with each other. What it refuses is an error here, and nothing else is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { refusingRules } from '../../../server/src/schema/refusal.ts';

type Answer = readonly ['refused' | 'taken', { readonly kind: string; readonly spec: unknown }];

const answers = readFileSync(join(import.meta.dirname, '../golden/schema/answers.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

/** Known gaps: a duration below a millisecond, and CEL that does not parse. */
const gaps = /"1us"|response\.code >="/;

describe('what the API server and the webhook refuse', () => {
  it('has answers of both sorts', () => {
    assert.ok(answers.length > 1000);
    assert.ok(answers.filter(([answer]) => answer === 'taken').length > 300);
  });

  for (const kind of new Set(answers.map(([, object]) => object.kind))) {
    it(`is an error, and nothing else: ${kind}`, () => {
      const differences = answers
        .filter(([, object]) => object.kind === kind && !gaps.test(JSON.stringify(object.spec)))
        .flatMap(([answer, object]) => {
          const ours = isRefused(stringify(object)) ? 'refused' : 'taken';
          return ours === answer ? [] : [`${answer} there, ${ours} here: ${JSON.stringify(object.spec)}`];
        });
      assert.deepEqual(differences, []);
    });
  }
});

function isRefused(text: string): boolean {
  const { findings } = analyzeFiles([{ uri: 'file:///object.yaml', text }]);
  return findings.some(({ rule, severity }) => severity === 'error' && refusingRules.has(rule));
}
