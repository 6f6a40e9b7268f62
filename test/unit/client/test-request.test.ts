// What a test request is judged by: expectation against outcome, and which line of the log is its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, type Happened } from '../../../client/src/test-request/compare-with-trace.ts';
import { findLine } from '../../../client/src/test-request/find-line.ts';
import { parseFilter, passes, rowOf, type Row } from '../../../client/src/logs/log-row.ts';
import type { ExplainedLine, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import { explainLogLine } from '../../../server/src/eval/log/explain-line.ts';

const trace = (verdict: TraceResult['verdict'], candidates: readonly TraceResult[] = []): TraceResult => ({
  verdict,
  summary: 'because',
  steps: [],
  waypoint: { namespace: 'egress', name: 'gateway' },
  upstream: null,
  log: null,
  candidates,
});
const response = (status: number, body = '') => ({ status, version: 'HTTP/1.1', headers: [], body, isCut: false });
const answered = (status: number, body = ''): Happened['answer'] => ({
  response: response(status, body),
  failure: undefined,
});
const failed = (code: number): Happened['answer'] => ({
  response: undefined,
  failure: { code, meaning: 'it failed', detail: '' },
});
const logged = (outcome: ExplainedLine['outcome']): Happened['line'] => ({
  outcome,
  summary: 'GET / at host:80: so it went.',
});

for (const [expected, answer, line, agrees] of [
  ['allowed', answered(200), logged('answered'), true],
  ['allowed', answered(404), logged('answered'), true],
  ['allowed', answered(403), logged('answered'), true],
  ['allowed', answered(403), logged('denied'), false],
  ['allowed', answered(403, 'RBAC: access denied'), undefined, false],
  ['allowed', answered(503), logged('failed'), false],
  ['allowed', failed(6), undefined, false],
  ['allowed', answered(200), undefined, true],
  ['denied', answered(403), logged('denied'), true],
  ['denied', answered(403, 'RBAC: access denied'), undefined, true],
  ['denied', answered(200), logged('answered'), false],
  ['denied', failed(56), undefined, true],
  ['denied', failed(28), undefined, undefined],
  ['fails', answered(503), undefined, true],
  ['fails', failed(52), undefined, true],
  ['fails', answered(200), undefined, false],
  ['bypasses', answered(200), undefined, true],
  ['bypasses', answered(200), logged('answered'), false],
  ['bypasses', failed(7), undefined, undefined],
] as const) {
  const how = answer.response
    ? `status ${answer.response.status}${answer.response.body}`
    : `curl ${answer.failure?.code}`;
  test(`${expected}, and then ${how}${line ? `, logged as ${line.outcome}` : ''}: ${agrees ?? 'open'}`, () => {
    const comparison = compare(trace(expected), { answer, line });
    assert.equal(comparison.agrees, agrees);
    assert.match(comparison.text, /^[A-Z].*\.$/);
  });
}

test('of several possible outcomes the one that fits is named, and none that fits is a difference', () => {
  const undetermined = trace('undetermined', [trace('allowed'), trace('denied')]);
  assert.match(compare(undetermined, { answer: answered(403), line: logged('denied') }).text, /matches number 2: /);
  assert.equal(compare(undetermined, { answer: answered(503), line: logged('failed') }).agrees, false);
  assert.equal(compare(undefined, { answer: answered(200), line: undefined }).agrees, undefined);
});

const text = ({
  time = '09:00:00.000',
  method = 'GET',
  path = '/get',
  id = 'a',
  host = 'httpbin.org',
  status = 200,
}: Partial<Record<'time' | 'method' | 'path' | 'id' | 'host', string>> & { readonly status?: number }) =>
  `[2026-01-02T${time}Z] "${method} ${path} HTTP/1.1" ${status} - ${status === 403 ? 'rbac_access_denied_matched_policy[none]' : 'via_upstream'} - "-" 0 1 1 - "-" "curl/8" "${id}" "${host}" "${status === 403 ? '-' : '192.0.2.10:443'}" inbound-vip|80|http|httpbin.org - 240.240.0.1:80 10.0.0.1:4 - default`;

function row(options: Parameters<typeof text>[0]): Row {
  const line = text(options);
  const { outcome, summary, result, fields, notes } = explainLogLine(line)!;
  return rowOf({ line, number: 1, outcome, summary, result, fields, notes, links: [], proposal: null }, 'pod-a');
}

test('a line is found by its request id, echoed by the host, and else by what was asked and the nearest time', () => {
  const sent = {
    url: 'http://httpbin.org/get',
    method: 'GET',
    sentAt: '2026-01-02T09:00:01.000Z',
    response: undefined,
  };
  const rows = [
    row({ time: '09:00:00.000', id: 'a' }),
    row({ time: '09:00:01.200', id: 'b' }),
    row({ method: 'POST' }),
    row({ path: '/other' }),
    row({ host: 'example.org' }),
  ];
  assert.deepEqual([findLine(rows, sent)?.row, findLine(rows, sent)?.others], [rows[1], 1]);
  const echo = { ...response(200, '{"headers": {"X-Request-Id": "a"}}'), headers: [] };
  assert.equal(findLine(rows, { ...sent, response: echo })?.row, rows[0]);
  assert.equal(findLine(rows, { ...sent, url: 'http://httpbin.org/nothing' }), undefined);
  assert.equal(
    findLine(rows, { ...sent, sentAt: '2026-01-02T10:00:00.000Z' }),
    undefined,
    'an hour off is another request',
  );
});

test('a filter is a few words, and what means nothing is refused', () => {
  assert.deepEqual(parseFilter('denied host:HTTPbin status:40'), { host: 'httpbin', status: '40', deniedOnly: true });
  assert.deepEqual(parseFilter(' 403 bin.org'), { host: 'bin.org', status: '403', deniedOnly: false });
  assert.equal(parseFilter('why?'), undefined);
  const denied = row({ method: 'POST', path: '/post', status: 403 });
  assert.equal(passes(denied, parseFilter('denied')!), true);
  assert.equal(passes(row({}), parseFilter('denied')!), false);
  assert.equal(passes(denied, parseFilter('status:4 host:bin')!), true);
  assert.equal(passes(denied, parseFilter('host:example')!), false);
});
