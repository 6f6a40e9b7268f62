// What clients print when a proxy answers 503 itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainLogLine } from '../../../server/src/eval/log/explain-line.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const body = 'upstream connect error or disconnect/reset before headers.';

const cases: readonly (readonly [line: string, summary: RegExp])[] = [
  [
    `${body} reset reason: remote connection failure, transport failure reason: TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED`,
    /^Request to an unnamed host: the server's certificate was not accepted/,
  ],
  [
    `${body} reset reason: connection failure, transport failure reason: TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end`,
    /the server does not speak TLS on that port/,
  ],
  [
    `${body} retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: 111`,
    /nothing listens on that port/,
  ],
  [`${body} reset reason: connection termination`, /plain HTTP sent to a TLS port/],
  [`${body} reset reason: something new`, /the proxy lost the connection to the server \(something new\)/],
  [`{"message": "call failed: 503 ${body} reset reason: overflow"}`, /a limit of the connection pool was reached/],
];

for (const [line, summary] of cases)
  test(line.slice(body.length + 1), () => {
    const explained = explainLogLine(line, meshFromYaml('').mesh);
    assert.match(explained?.summary ?? '', summary);
    assert.equal(explained?.outcome, 'failed');
    assert.equal(explained?.notes.length, 1);
    assert.doesNotMatch(JSON.stringify(explained), /default format|no ServiceEntry/);
  });

test('a sentence about such errors is not an answer', () => {
  assert.equal(
    explainLogLine('see upstream connect error or disconnect/reset before headers in the manual'),
    undefined,
  );
});
