import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOf, isProgrammed, missingCondition } from '../../../server/src/cluster/objects/live-gateway.ts';
import { at, listAt, numberAt, parseJson, sameJson, stringAt } from '../../../server/src/cluster/tools/parse-json.ts';

const condition = (type: string, status: string, observedGeneration: number, reason = '', message = '') => ({
  type,
  status,
  observedGeneration,
  reason,
  message,
});
const gateway = (...conditions: readonly object[]) =>
  gatewayOf({
    metadata: { name: 'gate', namespace: 'egress', generation: 2, labels: { 'istio.io/waypoint-for': 'all', odd: 3 } },
    spec: { gatewayClassName: 'istio-waypoint' },
    status: { addresses: [{ type: 'IPAddress', value: '10.43.0.7' }, { type: 'Hostname' }], conditions },
  });

test('a programmed Gateway', () => {
  const state = gateway(condition('Accepted', 'True', 2), condition('Programmed', 'True', 2));
  assert.deepEqual(
    [state.namespace, state.name, state.className, state.addresses],
    ['egress', 'gate', 'istio-waypoint', ['10.43.0.7']],
  );
  assert.deepEqual([...state.labels], [['istio.io/waypoint-for', 'all']]);
  assert.ok(isProgrammed(state));
});

test('the first unmet condition is the one that is named', () => {
  const notAccepted = gateway(
    condition('Programmed', 'False', 2, 'Invalid'),
    condition('Accepted', 'False', 2, 'InvalidParameters', 'no such thing'),
  );
  assert.deepEqual(missingCondition(notAccepted), {
    type: 'Accepted',
    status: 'False',
    reason: 'InvalidParameters',
    message: 'no such thing',
    current: true,
  });
  const notProgrammed = gateway(
    condition('Accepted', 'True', 2),
    condition('Programmed', 'False', 2, 'AddressNotAssigned'),
  );
  assert.equal(missingCondition(notProgrammed).reason, 'AddressNotAssigned');
  assert.deepEqual([missingCondition(gateway()).type, missingCondition(gateway()).status], ['Accepted', 'Unknown']);
});

test('what was said of an earlier generation does not count', () => {
  const stale = gateway(condition('Accepted', 'True', 2), condition('Programmed', 'True', 1));
  assert.equal(isProgrammed(stale), false);
  assert.equal(missingCondition(stale).current, false);
});

test('shapes that are none give empty values', () => {
  for (const value of [
    null,
    1,
    'x',
    [],
    {},
    { status: { conditions: 'no', addresses: {} } },
    { status: { conditions: [null, 1, {}] } },
    { metadata: { labels: [] } },
  ]) {
    const state = gatewayOf(value);
    assert.deepEqual(
      [state.name, state.className, state.addresses, state.conditions, state.labels.size],
      ['', '', [], [], 0],
    );
    assert.equal(isProgrammed(state), false);
  }
});

test('reading JSON', () => {
  assert.equal(parseJson('{'), undefined);
  const value = parseJson('{"a":{"b":["x"],"n":2,"s":"t"}}');
  assert.deepEqual(
    [
      stringAt(value, 'a', 's'),
      numberAt(value, 'a', 'n'),
      listAt(value, 'a', 'b'),
      at(value, 'a', 'b', '0'),
      at(value, 'constructor'),
    ],
    ['t', 2, ['x'], undefined, undefined],
  );
  assert.deepEqual(
    [stringAt(value, 'a', 'n'), numberAt(value, 'a', 's'), listAt(value, 'a', 's')],
    [undefined, undefined, []],
  );
  assert.ok(sameJson({ a: 1, b: { c: [1, { x: 1, y: 2 }] } }, { b: { c: [1, { y: 2, x: 1 }] }, a: 1 }));
  assert.ok(!sameJson([1, 2], [2, 1]));
  assert.ok(!sameJson({ a: null }, {}));
});
