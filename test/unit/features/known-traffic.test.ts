// Which of the known requests come first where not all can be followed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownTraffic } from '../../../server/src/features/facts/known-traffic.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const entry = (name: string, hosts: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: shop }
spec: { hosts: [${hosts}], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
---
`;
const accounts = Array.from(
  { length: 20 },
  (_, i) => `apiVersion: v1
kind: ServiceAccount
metadata: { name: a${i}, namespace: shop }
---
`,
);

function firstHosts(most: number | undefined): readonly string[] {
  const workspace = newWorkspace();
  workspace.setFile(
    'file:///all.yaml',
    entry('far', 'far.example') + entry('near', 'one.example, two.example') + accounts.join(''),
  );
  const { mesh } = workspace;
  return [...knownTraffic([mesh], ({ name }) => name === 'near', most)].map(({ host }) => host).slice(0, 30);
}

test('requests to the entries in question come first, one after another', () => {
  const [first, ...others] = firstHosts(undefined);
  assert.equal(first, 'one.example');
  assert.ok(others.slice(0, 19).every((host) => host === 'one.example'));
});

test('with more of them than are followed, each is among the first', () => {
  assert.deepEqual(firstHosts(10).slice(0, 4), ['one.example', 'two.example', 'one.example', 'two.example']);
});

test('each request comes once', () => {
  const workspace = newWorkspace();
  workspace.setFile('file:///all.yaml', entry('near', 'one.example, two.example') + accounts.join(''));
  const { mesh } = workspace;
  const found = [...knownTraffic([mesh, mesh], () => true, 3)];
  assert.equal(found.length, 2 * (accounts.length + 1));
});
