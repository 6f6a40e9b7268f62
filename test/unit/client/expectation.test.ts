// What a trace says becomes a case of an expectations file, which reads it back as the same request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appended, expectationText } from '../../../client/src/trace/expectation.ts';
import { readEgressTests } from '../../../server/src/sources/egress-test.ts';

for (const [url, method, from] of [
  ['http://a.test/get', 'GET', 'shop/till'],
  ['http://a.test/get?a=b&c=%20#d', 'POST', 'shop'],
  ['https://a.test:8443/x: y', 'DELETE', 'shop/till'],
  ['tcp://db.test:5432', 'GET', 'shop/till'],
  ['http://a.test/\'"\n# no', 'GET', '1e3/null'],
] as const)
  test(`${method} ${JSON.stringify(url)} from ${from}`, () => {
    const { cases, errors } = readEgressTests(expectationText({ url, method, from }, 'denied'));
    assert.deepEqual(errors, []);
    assert.deepEqual(
      cases.map((one) => [one.url.value, one.method?.value ?? 'GET', one.from.value, one.expect.value]),
      [[url, method, from, 'denied']],
    );
  });

test('it stands behind the cases that are there', () => {
  const one = expectationText({ url: 'http://a.test/', method: 'GET', from: 'shop' }, 'allowed');
  assert.equal(appended('', one), one);
  const { cases, errors } = readEgressTests(appended(`# Ours.\n${one}\n\n`, one));
  assert.deepEqual([cases.length, errors], [2, []]);
});
