// What `learn` makes of every line that real Envoys wrote as bytes went through random meshes (test/data-plane/lines.txt).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { valueOf } from '../../../server/src/eval/log/entry.ts';
import { observe } from '../../../server/src/eval/log/observe.ts';
import { readLogLine } from '../../../server/src/eval/log/read-line.ts';
import { FlowLog } from '../../../server/src/features/learn/flows.ts';

const lines = readFileSync(join(import.meta.dirname, '../../data-plane/lines.txt'), 'utf8')
  .trim()
  .split('\n');

/** Of a line with this cluster, what became of the request; `inside` does not leave the mesh: the gateway's line tells of it again. */
const fates: readonly (readonly [cluster: RegExp, fates: readonly string[]])[] = [
  [/^outbound\|.*\|istio-egressgateway\.istio-system\.svc\.cluster\.local$/, ['inside']],
  [/^(?:outbound|inbound-vip)\|.*\|api\.example\.com$/, ['left', 'denied', 'failed']],
  [/^PassthroughCluster$/, ['passed', 'failed']],
  [/^BlackHoleCluster$/, ['blocked']],
];

test('every line is read, and its cluster says whether the request leaves', () => {
  const seen = new Set<RegExp>();
  for (const line of lines) {
    const entry = readLogLine(line);
    assert.ok(entry, line);
    const known = fates.find(([cluster]) => cluster.test(valueOf(entry, 'upstream_cluster') ?? ''));
    if (!known) continue;
    seen.add(known[0]);
    assert.ok(known[1].includes(observe(entry)?.fate ?? 'inside'), line);
  }
  assert.equal(seen.size, fates.length);
});

test('a refusal by policies is a denied request, whichever proxy tells it', () => {
  const refused = lines.filter((line) => line.includes('rbac_access_denied'));
  assert.ok(refused.length > 10);
  for (const line of refused) assert.equal(observe(readLogLine(line)!)?.fate, 'denied', line);
});

test('no line is skipped or dropped', () => {
  const log = new FlowLog();
  for (const line of lines) log.add(readLogLine(line));
  assert.deepEqual([log.read, log.skipped, log.dropped], [lines.length, 0, 0]);
});
