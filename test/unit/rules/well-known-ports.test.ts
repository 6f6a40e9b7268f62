// Which protocol a port's number or name shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wellKnownProtocol } from '../../../server/src/names/well-known-ports.ts';

test('a protocol is known by the number, or by a name that says nothing else', () => {
  const rows: readonly (readonly [
    numbers: readonly number[],
    name: string | undefined,
    protocol: string | undefined,
  ])[] = [
    [[3306], undefined, 'MySQL'],
    [[80, 5432], 'http', 'PostgreSQL'],
    [[13306], 'tcp-mysql', 'MySQL'],
    [[2525], 'smtp-2525', 'SMTP'],
    [[10022], 'SFTP', 'SSH'],
    [[8080], 'http-mysql-exporter', undefined],
    [[8080], 'mysql-metrics', undefined],
    [[8080], undefined, undefined],
  ];
  for (const [numbers, name, protocol] of rows) assert.equal(wellKnownProtocol(numbers, name)?.name, protocol, name);
});
