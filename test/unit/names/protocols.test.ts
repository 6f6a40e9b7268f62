import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocolKind } from '../../../server/src/names/protocols.ts';

test('§2.22 what a protocol makes of a port, in any case of letters', () => {
  const kinds = {
    http: ['HTTP', 'http2', 'GRPC', 'GRPC-Web', 'HTTP_PROXY'],
    tls: ['HTTPS', 'tls'],
    tcp: ['TCP', 'Mongo', 'Redis', 'MySQL'],
    udp: ['UDP'],
    sniffed: ['', undefined, 'SMTP', 'constructor'],
  } as const;
  for (const [kind, protocols] of Object.entries(kinds))
    for (const protocol of protocols) assert.equal(protocolKind(protocol), kind, protocol);
});
