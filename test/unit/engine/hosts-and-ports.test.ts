// An entry of thousands of hosts and as many ports: what is asked of a port is not asked of each host, nor of all other ports.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newWorkspace } from '../../kit/workspace.ts';
import { callsOf } from '../../kit/count-calls.ts';

const times = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const entry = (count: number) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: shop }\nspec:\n  hosts:\n${times(count, (at) => `  - h${at}.example.com\n`)}  ports:\n${times(count, (at) => `  - { number: ${at + 1}, name: p${at}, protocol: HTTP }\n`)}  resolution: DNS\n`;

for (const [file, name] of [
  ['mesh/clients/http-listener.ts', 'isChosen'],
  ['mesh/index/keys.ts', 'hasHttpPort'],
] as const)
  test(`a check calls ${name} as often for each of 40 hosts with 40 ports as for each of 10 with 10`, async () => {
    const callsFor = (count: number) =>
      callsOf(file, name, () => {
        const workspace = newWorkspace();
        workspace.setFile('file:///a.yaml', entry(count));
        workspace.refresh();
      });
    const [few, many] = [await callsFor(10), await callsFor(40)];
    assert.ok(few > 0);
    assert.ok(many <= 5 * few, `${many} for 40, ${few} for 10`);
  });
