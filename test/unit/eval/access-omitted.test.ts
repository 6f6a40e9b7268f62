// Tables of more hosts and ports than anyone reads: what is cut, and what is said of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { access, shownScope } from '../../../server/src/eval/access/access.ts';
import { omittedNote } from '../../../server/src/eval/access/wording.ts';
import { shortened } from '../../../server/src/features/agent-tools/shortened.ts';
import { accessAnswer } from '../../../server/src/features/answers/json-answers.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const times = <T>(count: number, make: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => make(at));

function meshOf(hosts: number, ports: number) {
  const entry = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'many', namespace: 'shop' },
    spec: {
      hosts: times(hosts, (at) => `h${at}.test`),
      ports: times(ports, (at) => ({ number: 1000 + at, name: `p${at}`, protocol: 'HTTP' })),
      resolution: 'DNS',
    },
  };
  return meshFromYaml(JSON.stringify(entry)).mesh;
}

test('the first pairs of a host and a port have the rows that they have without a limit', () => {
  const mesh = meshOf(4, 2);
  const all = access(mesh);
  const cut = access(mesh, { mostPairs: 3 });
  assert.equal(all.omittedPairs, 0);
  assert.equal(cut.omittedPairs, 5);
  assert.deepEqual(
    cut.rows,
    all.rows.filter(({ host, port }) => host === 'h0.test' || (host === 'h1.test' && port === 1000)),
  );
});

test('hosts of an entry that is refused for their number are cut in the same way', () => {
  const mesh = meshOf(300, 2);
  const all = access(mesh);
  const cut = access(mesh, { mostPairs: 100 });
  assert.equal(new Set(all.rows.map(({ host, port }) => `${host} ${port}`)).size, 600);
  assert.equal(cut.omittedPairs, 500);
  assert.deepEqual(cut.rows, all.rows.slice(0, cut.rows.length));
  assert.equal(new Set(cut.rows.map(({ host, port }) => `${host} ${port}`)).size, 100);
});

test('a table that is shown has a limit, and says how many more there are; single hosts have all', () => {
  assert.deepEqual(shownScope(undefined), { mostPairs: 50_000 });
  assert.deepEqual(shownScope(['h1.test']), { hosts: ['h1.test'] });
  const cut = access(meshOf(3, 2), { mostPairs: 2 });
  const { note } = omittedNote(cut);
  assert.equal(note, '4 more pairs of a host and a port have no rows: ask for single hosts.');
  assert.equal(
    omittedNote({ omittedPairs: 1 }).note,
    '1 more pair of a host and a port has no rows: ask for single hosts.',
  );
  const answer = JSON.parse(accessAnswer({ ...cut, rows: [] }, () => null)) as object;
  assert.deepEqual(answer, { version: 1, omittedPairs: 4, note, rows: [] });
});

test('an answer to an agent that is cut once more keeps what was said before', () => {
  const rows = times(9000, (at) => ({ host: `h${at}`.padStart(90) }));
  const answer = JSON.parse(shortened(JSON.stringify({ version: 1, omittedPairs: 4, note: 'First.', rows }))) as {
    readonly note: string;
  };
  assert.match(answer.note, /^First\. \d+ of 9000 rows are omitted: /);
});
