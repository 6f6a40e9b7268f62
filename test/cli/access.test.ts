// The built command line: the table, and the formats for programs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'access', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
};

test('the table of the story', () => {
  const { code, out, err } = run('examples');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^FROM +HOST +PORT +VIA +ACCESS +OPERATIONS +BECAUSE\n/);
  assert.match(
    out,
    /^default\/curl +httpbin\.org +80 +waypoint +some +GET +AuthorizationPolicy common-infrastructure\/httpbin \(examples\/authorization-policy\.yaml:\d+:\d+\)$/m,
  );
  assert.match(
    out,
    /^other accounts in common-infrastructure, other accounts in default, all other clients +httpbin\.org +80 +waypoint +none /m,
  );
});

test('json is the contract', () => {
  const { version, rows } = JSON.parse(run('examples', '--format', 'json').out) as {
    version: number;
    rows: Record<string, unknown>[];
  };
  assert.equal(version, 1);
  assert.deepEqual(Object.keys(rows[0]!), [
    'from',
    'host',
    'port',
    'via',
    'access',
    'operations',
    'because',
    'assumed',
  ]);
  const curl = rows.find(
    ({ from }) => from !== '*' && (from as { serviceAccount: string | null }).serviceAccount === 'curl',
  )!;
  assert.deepEqual([curl['access'], curl['operations']], ['some', [{ methods: ['GET'] }]]);
  assert.equal((curl['because'] as { file: string }[])[0]!.file, 'examples/authorization-policy.yaml');
  assert.equal(rows.at(-1)!['from'], '*');
});

test('csv and markdown have a line a row', () => {
  assert.match(
    run('examples', '--format', 'csv').out,
    /^from,host,port,via,access,operations,because,refused,assumed\n(.+,httpbin\.org,80,waypoint,(none|some),.*\n){4}$/,
  );
  assert.match(run('examples', '--format', 'markdown').out, /^\| from \| host .*\n\| --- .*\n(\| .+ \|\n){4}$/);
  assert.equal(run('examples', '--format', 'junit').code, 2);
});
