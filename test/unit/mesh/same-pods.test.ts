// Whether two selectors can have the same pods, by what both ask for and by the labels of Istio's own gateways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayBeSamePods } from '../../../server/src/mesh/routes/gateway-servers.ts';

type Labels = Readonly<Record<string, string>>;

const custom = { app: 'egressgateway', istio: 'egressgateway' };
const cases: readonly (readonly [title: string, a: Labels, b: Labels, expected: string])[] = [
  ['one asks for less', { istio: 'egressgateway' }, custom, 'yes'],
  ['one asks for less, by the other label', { app: 'egressgateway' }, custom, 'yes'],
  ['another value', { istio: 'ingressgateway' }, custom, 'no'],
  ['labels of the chart', { istio: 'egressgateway' }, { app: 'istio-egressgateway' }, 'yes'],
  ['labels of two charts', { istio: 'ingressgateway' }, { app: 'istio-egressgateway' }, 'no'],
  ['a label that the chart does not have', { istio: 'egressgateway', tier: 'a' }, custom, 'unknown'],
  ['a label beside those of the chart', { istio: 'egressgateway', tier: 'a' }, { app: 'istio-egressgateway' }, 'yes'],
  ['nothing in common', { tier: 'a' }, { zone: 'b' }, 'unknown'],
];

const mapOf = (labels: Labels) => new Map(Object.entries(labels));

for (const [title, a, b, expected] of cases) {
  test(title, () => {
    assert.equal(mayBeSamePods(mapOf(a), mapOf(b)), expected);
    assert.equal(mayBeSamePods(mapOf(b), mapOf(a)), expected);
  });
}
