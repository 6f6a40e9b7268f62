// The page on continuous integration: each block has its tool's form, and the versions and commands in it are those of today.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../kit/lsp-client.ts';
import { emptyFolder, faulty, npmPackage, repository, run, version } from './kit.ts';

const page = readFileSync(join(root, 'server/docs/continuous-integration.md'), 'utf8');
const blocks = [...page.matchAll(/^```(yaml|groovy)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text!,
}));
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, unknown> };

test('the page names the version of package.json, and no other', () => {
  const named = [...page.matchAll(/(?:istio-egress@v?|VERSION=|rev: v)(\d+\.\d+\.\d+)/g)].map(([, found]) => found);
  assert.ok(named.length >= 6);
  assert.deepEqual([...new Set(named)], [version]);
});

test('the table of inputs is the one of the action', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows, Object.keys(action.inputs));
});

test('every YAML block is valid, and uses inputs and hooks that exist', () => {
  const hooks = (parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as { id: string }[]).map(
    ({ id }) => id,
  );
  for (const { text } of blocks.filter(({ language }) => language === 'yaml')) assert.ok(parse(text) !== null, text);
  const workflow = parse(blocks[0]!.text) as { jobs: { check: { steps: { with?: object }[] } } };
  for (const name of Object.keys(workflow.jobs.check.steps.at(-1)!.with!)) assert.ok(name in action.inputs, name);
  const config = parse(blocks[1]!.text) as { repos: { hooks: { id: string }[] }[] };
  for (const { id } of config.repos[0]!.hooks) assert.ok(hooks.includes(id), id);
});

test('the commands of GitLab and Jenkins write results of tests and fail on a finding', () => {
  const commands = [...page.matchAll(/npx --yes istio-egress@\S+ (check .*?)'?$/gm)].map(([, words]) => words!);
  assert.equal(commands.length, 2);
  const tools = emptyFolder();
  assert.equal(run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', tools, npmPackage]).code, 0);
  const folder = repository({ 'entry.yaml': faulty });
  for (const words of commands) {
    const command = `${join(tools, 'node_modules/.bin/istio-egress')} ${words}`;
    assert.equal(run('sh', ['-c', command], { cwd: folder }).code, 1);
    assert.match(
      readFileSync(join(folder, 'istio-egress.xml'), 'utf8'),
      /<testsuites name="istio-egress" tests="1" failures="1">/,
    );
  }
});
