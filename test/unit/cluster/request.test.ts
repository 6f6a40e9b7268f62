// Requests from inside a pod: the words that curl gets, what it said, and what that means for a way out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curlFault, curlWords, readCurl } from '../../../server/src/cluster/requests/curl.ts';
import { checkEgressIsClosed, type ClosedRequest } from '../../../server/src/cluster/requests/egress-closed.ts';
import { clientWorkloads, listPods } from '../../../server/src/cluster/objects/pods.ts';
import { sendTestRequest, type TestRequest } from '../../../server/src/cluster/requests/test-request.ts';
import { recorded, tools, type Answer } from './cluster-kit.ts';

const request: TestRequest = {
  context: 'prod',
  tools,
  namespace: 'default',
  pod: 'curl-1',
  container: 'curl',
  url: 'http://httpbin.org/get',
};
const mark = (status: number) => `\nistio-egress-sent ${status} 0.001 0.002 0.000 0.010 0.012 240.240.0.1\n`;
const answer = (head: string, body = '', status = 200): Answer => ({
  stdout: `${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}${mark(status)}`,
});

test('the words: a value only where an option takes it', () => {
  assert.deepEqual(curlWords({ url: 'http://httpbin.org/get' }).slice(0, 9), [
    'curl',
    '--silent',
    '--show-error',
    '--include',
    '--globoff',
    '--max-time',
    '10',
    '--request',
    'GET',
  ]);
  const words = curlWords({
    url: 'https://x.org/',
    method: 'post',
    headers: ['A: --b'],
    body: '@/etc/passwd',
    maxSeconds: 3,
    address: '::1',
  });
  const after = (option: string) => words[words.indexOf(option) + 1];
  assert.deepEqual(
    [after('--request'), after('--header'), after('--data-raw'), after('--connect-to'), after('--url')],
    ['POST', 'A: --b', '@/etc/passwd', 'x.org:443:[::1]:', 'https://x.org/'],
  );
  assert.ok(curlWords({ url: 'http://x.org/', method: 'HEAD' }).includes('--head'));
});

test('what is no request', () => {
  const bad: readonly Parameters<typeof curlFault>[0][] = [
    { url: 'file:///etc/passwd' },
    { url: '--upload-file' },
    { url: 'http://a b/' },
    { url: 'http://x/\n' },
    { url: 'gopher://x' },
    { url: '' },
    { url: 'http://x', method: '-X' },
    { url: 'http://x', method: 'GET x' },
    { url: 'http://x', headers: ['@/etc/passwd'] },
    { url: 'http://x', headers: ['a: b\r\nc: d'] },
    { url: 'http://x', headers: [': b'] },
    { url: 'http://x', address: '1.2.3.4:80:x' },
    { url: 'http://x', address: '$(x)' },
    { url: 'http://x', address: '1.2.3.999' },
    { url: 'http://x', address: ':::1' },
    { url: 'http://x', maxSeconds: 0 },
    { url: 'http://x', maxSeconds: NaN },
  ];
  for (const one of bad) assert.notEqual(curlFault(one), undefined, JSON.stringify(one));
  assert.equal(
    curlFault({
      url: 'https://x.org:8443/a?b=c#d',
      method: 'PATCH',
      headers: ['X-A: b:c', 'Empty:'],
      address: '2001:db8::1',
    }),
    undefined,
  );
});

test('an answer, and interim ones before it', async () => {
  const run = recorded([
    [
      / exec pods\/curl-1 --container=curl -- curl /,
      answer('HTTP/1.1 100 Continue\n\nHTTP/1.1 201 Created\nserver: istio-envoy\nX-A: b: c', '{"a": 1}\n', 201),
    ],
  ]);
  const sent = await sendTestRequest(run, request);
  assert.ok(sent.ok);
  const { response, failure, timing, remote, summary } = sent.value;
  assert.deepEqual(response, {
    status: 201,
    version: 'HTTP/1.1',
    headers: [
      ['server', 'istio-envoy'],
      ['X-A', 'b: c'],
    ],
    body: '{"a": 1}\n',
    isCut: false,
  });
  assert.deepEqual(
    [failure, timing, remote, summary],
    [
      undefined,
      { nameLookup: 0.001, connect: 0.002, tls: 0, firstByte: 0.01, total: 0.012 },
      '240.240.0.1',
      'HTTP/1.1 201',
    ],
  );
});

test('a request that fails is an answer', async () => {
  for (const [code, said, words] of [
    [6, 'Could not resolve host: x', /name does not resolve in the pod \(curl 6: Could not/],
    [28, 'Operation timed out', /no response within the time limit/],
    [99, '', /curl ended with code 99/],
  ] as const) {
    const sent = await sendTestRequest(
      recorded([
        [
          / exec /,
          { code: 1, stdout: mark(0), stderr: `curl: (${code}) ${said}\ncommand terminated with exit code ${code}` },
        ],
      ]),
      request,
    );
    assert.ok(sent.ok);
    assert.deepEqual([sent.value.response, sent.value.failure?.code], [undefined, code]);
    assert.match(sent.value.summary, words);
  }
  const broken = readCurl(`HTTP/2 200 \r\na: b\r\n\r\nhalf${mark(200)}`, 'curl: (18) transfer closed');
  assert.deepEqual(
    [broken?.response?.status, broken?.response?.body, broken?.failure?.meaning],
    [200, 'half', 'the response ended early'],
  );
});

test('no request was sent, or it is unknown', async () => {
  const problem = async (said: Answer) => {
    const sent = await sendTestRequest(recorded([[/ exec /, said]]), request);
    return sent.ok ? assert.fail('expected a problem') : sent.problem;
  };
  const noCurl = await problem({
    code: 1,
    stderr:
      'OCI runtime exec failed: exec: "curl": executable file not found in $PATH: unknown\ncommand terminated with exit code 126',
  });
  assert.match(
    `${noCurl.message} ${noCurl.advice}`,
    /Container curl of pod default\/curl-1 has no curl\. Choose another/,
  );
  assert.match(
    (await problem({ code: 1, stderr: 'error: container nope is not valid for pod curl-1' })).message,
    /has no container curl/,
  );
  assert.equal(
    (await problem({ code: 1, stderr: 'Error from server (NotFound): pods "curl-1" not found' })).kind,
    'not-found',
  );
  assert.equal(
    (
      await problem({
        code: 1,
        stderr:
          'Error from server (Forbidden): pods "curl-1" is forbidden: User "dev" cannot create resource "pods/exec" in API group "" in the namespace "default"',
      })
    ).kind,
    'forbidden',
  );
  assert.match((await problem({ ended: 'timed-out' })).message, /It is unknown whether the request was sent\./);
});

test('pods: who they are, and from which a request can be sent', async () => {
  const row = (...cells: readonly string[]) => `${cells.join('\t')}\n`;
  const replica = (name: string, ip: string) =>
    row(
      'default',
      name,
      'robot',
      '{"app":"a"}',
      'app helper',
      '',
      'Running',
      'True',
      'enabled',
      'ReplicaSet',
      'a-5c8b',
      ip,
      '',
    );
  const stdout = [
    row('default', 'b-7d9f-x', '', '{"app":"b"}', 'app', '', 'Pending', 'False', '', 'ReplicaSet', 'b-7d9f', '', ''),
    replica('a-5c8b-y', '10.0.0.1'),
    replica('a-5c8b-z', '10.0.0.2'),
    row('default', 'lone', 'default', '', 'app', 'istio-proxy', 'Running', 'False', '', '', '', '', ''),
    row(
      'default',
      'gate-1',
      'gate',
      '{"gateway.networking.k8s.io/gateway-name":"gate"}',
      'istio-proxy',
      '',
      'Running',
      'True',
      '',
      'ReplicaSet',
      'gate-1',
      '',
      '',
    ),
    row('default', 'gone-1', '', '', 'app', '', 'Running', 'True', '', 'Job', 'gone', '', '2026-01-01T00:00:00Z'),
  ].join('');
  const pods = await listPods(recorded([[/--namespace=default get pods --output=jsonpath/, { stdout }]]), {
    context: 'prod',
    namespace: 'default',
    tools,
  });
  assert.ok(pods.ok);
  assert.deepEqual(
    pods.value.map(({ name, isRunning, inMesh }) => [name, isRunning, inMesh]),
    [
      ['a-5c8b-y', true, 'ambient'],
      ['a-5c8b-z', true, 'ambient'],
      ['gate-1', true, 'sidecar'],
      ['lone', true, 'sidecar'],
      ['b-7d9f-x', false, 'no'],
      ['gone-1', false, 'no'],
    ],
  );
  assert.deepEqual(
    clientWorkloads(pods.value).map(({ workload, pod, containers }) => [
      workload,
      pod.name,
      pod.serviceAccount,
      ...containers,
    ]),
    [
      ['Deployment a', 'a-5c8b-y', 'robot', 'app', 'helper'],
      ['Pod lone', 'lone', 'default', 'app'],
    ],
  );
});

const closing: ClosedRequest = {
  context: 'prod',
  tools,
  namespace: 'default',
  pod: 'curl-1',
  container: 'curl',
  undeclaredUrl: 'http://example.com/',
  around: { url: 'http://httpbin.org/get', address: '198.51.100.7' },
  controlUrl: 'http://httpbin.org/get',
};

test('egress is closed, open or unknown', async () => {
  const failed = (code: number): Answer => ({ code: 1, stdout: mark(0), stderr: `curl: (${code}) no` });
  const report = async (control: Answer, undeclared: Answer, around: Answer) =>
    checkEgressIsClosed(
      recorded([
        [/--connect-to httpbin\.org:80:198\.51\.100\.7:/, around],
        [/example\.com/, undeclared],
        [/httpbin/, control],
      ]),
      closing,
    );
  const fine = answer('HTTP/1.1 200 OK');
  const verdicts = async (...three: readonly [Answer, Answer, Answer]) =>
    (await report(...three)).checks
      .map(({ verdict }) => verdict)
      .concat((await report(...three)).verdict)
      .join(' ');
  assert.equal(await verdicts(fine, failed(28), failed(56)), 'open closed closed closed');
  assert.equal(await verdicts(fine, failed(7), fine), 'open closed open open');
  assert.equal(await verdicts(failed(28), failed(28), failed(7)), 'undetermined undetermined closed undetermined');
  assert.equal(await verdicts(fine, failed(6), failed(7)), 'open undetermined closed undetermined');
  assert.equal(
    await verdicts(
      fine,
      answer('HTTP/1.1 502 Bad Gateway\nserver: envoy', '', 502),
      answer('HTTP/1.1 403 Forbidden\nserver: istio-envoy', 'RBAC: access denied', 403),
    ),
    'open closed closed closed',
  );
  assert.equal(
    await verdicts(fine, answer('HTTP/1.1 502 Bad Gateway\nserver: nginx', 'upstream', 502), failed(60)),
    'open open open open',
  );
  const { summary, checks } = await report(fine, fine, failed(28));
  assert.equal(summary, 'From default/curl-1, the outside can be reached where it must not be.');
  assert.equal(checks[1]?.why, 'It got a response: HTTP/1.1 200.');
  const unasked = await checkEgressIsClosed(recorded([]), { ...closing, pod: '--all' });
  assert.deepEqual([unasked.verdict, unasked.checks[0]?.why], ['undetermined', '"--all" is not a valid pod name.']);
});
