// Where hundreds of objects decide a row of access, some are listed, and how many more there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostRelated } from '../../../server/src/base/and-more.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { accessRowJson } from '../../../server/src/eval/access/to-json.ts';
import { formatAccess } from '../../../server/src/features/access-formats.ts';
import { entry, namespace, policy, waypoint } from '../../bench/shapes/manifests.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

/** The row of who is named by none of so many policies. */
const rowOf = (policies: number) => {
  const { mesh } = meshFromYaml(
    [
      waypoint(),
      namespace('team'),
      entry('team', 'api', ['api.example.com']),
      ...Array.from({ length: policies }, (_, i) => policy('team', `api-${i}`, 'api', '/api/*', `client-${i}`)),
    ].join('---\n'),
  );
  const row = accessRows(mesh).find(({ from, because }) => from === '*' && because.length === policies);
  assert.ok(row, 'a row that rests on every policy');
  return row;
};

test('JSON and CSV list the first places of a row and say how many more there are', () => {
  const row = rowOf(mostRelated + 30);
  const { because, becauseMore } = accessRowJson(row, ({ resource }) => resource.namespace);
  assert.deepEqual([because.length, becauseMore], [mostRelated, 30]);
  assert.match(
    formatAccess([row], 'csv', ({ resource }) => resource.namespace),
    / and 30 more/,
  );
});

test('a row with few places has no number of more', () => {
  const row = rowOf(mostRelated);
  assert.ok(!('becauseMore' in accessRowJson(row, () => null)));
  assert.doesNotMatch(
    formatAccess([row], 'csv', ({ resource }) => resource.namespace),
    / more/,
  );
});
