// Entries with a TCP port and no address: a sidecar sends all connections on the port to the oldest. Of many, none is followed by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { mostRivals } from '../../../server/src/mesh/hosts/whole-port.ts';
import { namespace, tcpEntry } from '../../bench/shapes/manifests.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

function traced(entries: number) {
  const teams = Array.from({ length: entries }, (_, i) =>
    [namespace(`team-${i}`, 'istio-injection: enabled'), tcpEntry(`team-${i}`, 'db', `db-${i}.example.com`, 5432)].join(
      '---\n',
    ),
  );
  const request = parseRequest({ from: 'team-0/client', url: 'tcp://db-0.example.com:5432' });
  assert.ok(!('problem' in request));
  return trace(meshFromYaml(teams.join('---\n')).mesh, request);
}

test('a few are each followed', () => {
  const { verdict, candidates } = traced(3);
  assert.equal(verdict, 'undetermined');
  assert.equal(candidates.length, 3);
});

test('of many it is told that there are too many', () => {
  const { verdict, steps, summary } = traced(mostRivals + 20);
  assert.equal(verdict, 'undetermined');
  assert.match(summary, /more than 8 that list no address/);
  assert.ok(steps.every(({ evidence }) => evidence.length <= mostRivals));
});
