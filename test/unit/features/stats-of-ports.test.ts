// What stats ask of a port of an entry is asked once for all of its hosts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import { egressStatsInSteps } from '../../../server/src/features/stats.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const times = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const entry = (hosts: number, ports: number) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: shop }\nspec:\n  hosts:\n${times(hosts, (at) => `  - h${at}.example.com\n`)}  ports:\n${times(ports, (at) => `  - { number: ${at + 1}, name: p${at}, protocol: HTTP }\n`)}  resolution: DNS\n`;

test('the traces of stats are as many for each host and port of one entry, however many there are', async () => {
  const tracesFor = (hosts: number, ports: number) =>
    callsOf('features/requirements/certificates.ts', 'endsOf', () => {
      const { destinations } = drained(egressStatsInSteps(meshFromYaml(entry(hosts, ports)).mesh));
      assert.equal(destinations, hosts * ports);
    });
  const [few, many] = [await tracesFor(4, 4), await tracesFor(16, 4)];
  assert.ok(few > 0);
  assert.ok(many <= 5 * few, `${many} for 16 hosts, ${few} for 4`);
});
