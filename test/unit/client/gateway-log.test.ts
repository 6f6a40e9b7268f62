// The Gateway Log: which lines a filter shows, what the counters say, and the manifest for a host without a ServiceEntry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationOf } from '../../../client/src/webviews/gateway-log/declaration.ts';
import { counts, noFilter, passes } from '../../../client/src/webviews/gateway-log/filter.ts';
import type { LogRow } from '../../../client/src/webviews/gateway-log/protocol.ts';

const row = (id: number, part: Partial<LogRow>): LogRow => ({
  id,
  outcome: 'answered',
  time: '',
  method: 'GET',
  host: 'api.example.com',
  path: '/',
  status: '200',
  policy: '-',
  flags: '-',
  words: '',
  pod: '',
  ...part,
});
const { outcome: _, ...note } = row(5, { words: 'Following pod a.' });
const rows: readonly LogRow[] = [
  row(1, {}),
  row(2, { outcome: 'denied', status: '403', policy: 'egress/api' }),
  row(3, { outcome: 'failed', status: '503', flags: 'UF,URX' }),
  row(4, { outcome: 'connected', status: '0', host: 'DB.example.com' }),
  note,
];

for (const [filter, ids] of [
  [{}, [1, 2, 3, 4, 5]],
  [{ host: 'db.' }, [4, 5]],
  [{ status: '4' }, [2, 5]],
  [{ flag: 'ur' }, [3, 5]],
  [{ policy: 'API' }, [2, 5]],
  [{ outcome: 'failed' }, [3, 5]],
  [{ outcome: 'failed', status: '2' }, [5]],
] as const)
  test(`${JSON.stringify(filter)} shows ${ids.join(', ')}`, () =>
    assert.deepEqual(
      rows.filter((one) => passes(one, { ...noFilter, ...filter })).map(({ id }) => id),
      ids,
    ));

test('a counter says what choosing its outcome would show', () => {
  assert.deepEqual(counts(rows, { ...noFilter, outcome: 'denied' }), {
    answered: 1,
    connected: 1,
    denied: 1,
    failed: 1,
  });
  assert.deepEqual(counts(rows, { ...noFilter, host: 'api' }), { answered: 1, connected: 0, denied: 1, failed: 1 });
});

const line = (fields: Readonly<Record<string, string>>, kind?: string) => ({
  fields: Object.entries(fields).map(([name, value]) => ({ name, value, meaning: '' })),
  links: kind
    ? [
        {
          uri: '',
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
          resource: { kind, namespace: 'a', name: 'b' },
        },
      ]
    : [],
});

for (const [what, asked, declaration] of [
  ['HTTP', line({ authority: 'api.example.com' }), 'service-entry-http-to-https api.example.com'],
  ['a TLS connection', line({ authority: '-', requested_server_name: 'a.test' }), 'service-entry-https a.test'],
  ['port 443', line({ authority: 'a.test:443' }), 'service-entry-https a.test'],
  ['another port', line({ authority: 'db.test:5432' }), 'service-entry-tcp db.test 5432'],
  ['an address', line({ authority: '203.0.113.7:443' }), undefined],
  ['a name that is none', line({ authority: '<img>.test' }), undefined],
  ['a host that is declared', line({ authority: 'a.test' }, 'ServiceEntry'), undefined],
  [
    'a host with a policy only',
    line({ authority: 'a.test' }, 'AuthorizationPolicy'),
    'service-entry-http-to-https a.test',
  ],
] as const)
  test(`the manifest for ${what}`, () => {
    const found = declarationOf(asked);
    assert.equal(found && [found.id, ...Object.values(found.answers)].join(' '), declaration);
  });
