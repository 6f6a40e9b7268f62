// The report of a check that egress is closed: what it says of what is open, and which setting it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aroundOf } from '../../../client/src/closed/around.ts';
import { remedyFor } from '../../../client/src/closed/remedy.ts';
import { reportMarkdown } from '../../../client/src/closed/report.ts';
import type { ClosedCheck, ClosedReport } from '../../../server/src/cluster/requests/egress-closed.ts';
import type { PodSummary } from '../../../server/src/cluster/objects/pods.ts';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';

const pod: PodSummary = {
  namespace: 'shop',
  name: 'web-1',
  serviceAccount: 'web',
  labels: new Map(),
  containers: ['web'],
  isRunning: true,
  isReady: true,
  inMesh: 'ambient',
  owner: undefined,
  address: undefined,
};

function report(verdict: ClosedReport['verdict'], ...checks: readonly ClosedCheck[]): string {
  return reportMarkdown(
    {
      context: 'a|b',
      from: { namespace: 'shop', pod: 'web-1', container: 'web' },
      takenAt: '2026-01-02T03:04:05Z',
      verdict,
      checks,
      summary: 'The sum.',
    },
    pod,
  );
}

const undeclared = (verdict: ClosedCheck['verdict'], why: string): ClosedCheck => ({
  what: 'undeclared',
  url: 'https://example.com/',
  verdict,
  why,
});

test('what is open is named with the setting that closes it', () => {
  const text = report(
    'open',
    { what: 'control', url: 'http://httpbin.org/', verdict: 'open', why: 'It was answered.' },
    undeclared('open', 'It got a response: HTTP/1.1 200.'),
    {
      what: 'around',
      url: 'https://httpbin.org/',
      address: '192.0.2.1',
      verdict: 'open',
      why: 'A TLS server answered.',
    },
  );
  assert.match(text, /^# Egress from shop\/web-1: OPEN$/m);
  assert.match(text, /\| Context \| a\\\|b \|/);
  assert.match(text, /\| succeed \| ✔ got a response \|/);
  assert.match(text, /- A host that no ServiceEntry lists can be reached: https:\/\/example\.com\//);
  assert.match(text, /- The host can be reached without the gateway: https:\/\/httpbin\.org\/ at 192\.0\.2\.1/);
  assert.match(text, /NetworkPolicy/);
  assert.match(text, /`REGISTRY_ONLY` is not enforced: ztunnel forwards traffic/);
});

test('what is closed claims no more than was tried; what is not known says why', () => {
  const closed = report('closed', undeclared('closed', 'No response.'));
  assert.doesNotMatch(closed, /What is open|NetworkPolicy/);
  assert.match(closed, /Other requests may take another path/);
  assert.match(
    report('undetermined', undeclared('undetermined', 'The name does not resolve.')),
    /## Unknown\n\n- https:\/\/example\.com\/ \(not declared\): The name does not resolve\./,
  );
});

test('the setting fits how the pod is in the mesh, and its manifest has no findings', () => {
  assert.match(remedyFor({ ...pod, inMesh: 'sidecar' }).text, /REGISTRY_ONLY` in the mesh settings/);
  assert.match(remedyFor({ ...pod, inMesh: 'no' }).text, /label it `istio\.io\/dataplane-mode: ambient`/);
  assert.deepEqual(analyzeFiles([{ uri: 'policy.yaml', text: remedyFor(pod).manifest! }]).findings, []);
});

test('the way around is where the gateway connects to', () => {
  assert.deepEqual(aroundOf('h.org', '192.0.2.10:443'), { url: 'https://h.org/', address: '192.0.2.10' });
  assert.deepEqual(aroundOf('h.org', '[2001:db8::1]:8080'), { url: 'http://h.org:8080/', address: '2001:db8::1' });
  for (const other of ['', 'h.org:443', '192.0.2.10', '--x:1', '1.2.3.4:443;id'])
    assert.equal(aroundOf('h.org', other), undefined);
});
