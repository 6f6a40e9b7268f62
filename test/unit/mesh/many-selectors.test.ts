// What thousands of selectors select is looked up by label; it is the same as comparing each of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bySelector } from '../../../server/src/mesh/by-selector.ts';
import { sidecarsFor } from '../../../server/src/mesh/clients/sidecar-scope.ts';
import { rulesAtProxy } from '../../../server/src/mesh/destination-rules/proxy-rules.ts';
import { selects } from '../../../server/src/mesh/label-selector.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const labelsOf = (text: string) =>
  new Map(text === '' ? [] : text.split(' ').map((label) => label.split(':') as [string, string]));

const texts = ['', 'a:1', 'a:2', 'b:1', 'a:1 b:1', 'b:1 a:2', 'a:1 b:1 c:1', 'c:1', 'a:1 c:2'];

test('selectors are found in their order, by any of their labels', () => {
  const selecting = bySelector([undefined, ...texts, ...texts], (text) => (text === undefined ? text : labelsOf(text)));
  for (const pod of texts)
    assert.deepEqual(
      selecting(labelsOf(pod)),
      [...texts, ...texts].filter((text) => selects(labelsOf(text), labelsOf(pod))),
    );
});

const team = (name: string, selector: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ${name}, namespace: shop }
spec: { workloadSelector: { labels: { ${selector} } }, egress: [{ hosts: ["./*"] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: shop }
spec: { host: api.example.com, workloadSelector: { matchLabels: { ${selector} } }, trafficPolicy: { tls: { mode: SIMPLE } } }
`;

const { mesh, find } = meshFromYaml(
  [
    `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`,
    `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: shop }
spec: { host: api.example.com, trafficPolicy: { tls: { mode: DISABLE } } }
`,
    ...Array.from({ length: 30 }, (_, i) => team(`team-${i}`, `app: app-${i}`)),
    team('blue', 'app: app-3, color: blue'),
  ].join('---'),
);

const rulesFor = (labels: string) =>
  rulesAtProxy(
    mesh,
    { namespace: 'shop', labels: labelsOf(labels) },
    { host: 'api.example.com', port: 80, subset: undefined, owner: find('ServiceEntry', 'shop/api') },
  )?.map((one) => ('rule' in one ? one.rule?.name : one.state));

const sidecarsOf = (labels: string) =>
  sidecarsFor(mesh, { namespace: 'shop', labels: labelsOf(labels) })?.map(({ name }) => name);

test('of many rules and Sidecars with selectors each pod has its own', () => {
  assert.deepEqual(rulesFor('app:app-7'), ['team-7']);
  assert.deepEqual(rulesFor('app:app-29'), ['team-29']);
  assert.deepEqual(rulesFor('app:other'), ['all']);
  assert.deepEqual(sidecarsOf('app:app-7'), ['team-7']);
  assert.deepEqual(sidecarsOf('color:blue app:app-3'), ['team-3', 'blue']);
  assert.deepEqual(sidecarsOf('app:other'), []);
});
