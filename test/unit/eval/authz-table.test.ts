// The evaluator's decisions for the cases of authz-cases.ts, each by a paragraph of Istio's behaviour. Istio's own RBAC is asked the
// same in peers/recorded-cases.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policiesAt } from '../../../server/src/eval/authz/attached-policies.ts';
import type { Connection } from '../../../server/src/eval/authz/connection.ts';
import { evaluate } from '../../../server/src/eval/authz/evaluate.ts';
import { manifestsOf, readLine } from '../../kit/authz-case.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { authzCases } from './authz-cases.ts';

function ours(manifests: readonly Manifest[], connection: Connection): string {
  const { mesh, find } = meshFromYaml(manifests.map((one) => JSON.stringify(one)).join('\n---\n'), { written: true });
  const { decision, because } = evaluate(
    policiesAt(mesh, find('Gateway', 'egress/gate'), find('ServiceEntry', 'egress/httpbin')),
    connection,
    { providers: ['authz'] },
  );
  return because.by === 'custom' ? 'custom' : decision;
}

test('there are enough of them', () => {
  assert.ok(authzCases.flatMap(({ lines }) => lines).length >= 150);
});

for (const one of authzCases) {
  test(`${one.title} (${one.rests})`, () => {
    const manifests = manifestsOf(one);
    for (const line of one.lines) {
      const { expected, connection } = readLine(line);
      assert.equal(ours(manifests, connection), expected, line);
    }
  });
}
