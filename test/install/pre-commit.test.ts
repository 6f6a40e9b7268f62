// The hooks of pre-commit, run by pre-commit itself from a clone of this repository.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';
import { commit, emptyFolder, faultless, faulty, must, pythonWith, repository, run } from './kit.ts';

const config = (rev: string) => `repos:
  - repo: ${root}
    rev: ${rev}
    hooks:
      - id: istio-egress
      - id: istio-egress-changed
`;

test('pre-commit installs the hooks from a clone, passes what is right and stops what is wrong', (t) => {
  if (!existsSync(join(root, '.git'))) return t.skip('this is not a git clone');
  const python = pythonWith('pre-commit==4.3.0');
  if ('why' in python) return t.skip(python.why);
  const rev = must('git', ['rev-parse', 'HEAD'], { cwd: root }).trim();
  const folder = repository({
    'entry.yaml': faultless,
    'values.yaml': 'replicas: 2\n',
    '.pre-commit-config.yaml': config(rev),
  });
  const env = { ...process.env, PRE_COMMIT_HOME: emptyFolder() };
  const hooks = (...args: string[]) =>
    run(join(python.bin, 'pre-commit'), ['run', '--color=never', ...args], { cwd: folder, env });

  const passed = hooks('--all-files');
  assert.equal(passed.code, 0, passed.out + passed.err);
  assert.equal(passed.out.match(/\.Passed$/gm)?.length, 2, passed.out);

  writeFiles(folder, { 'entry.yaml': faulty });
  must('git', ['add', 'entry.yaml'], { cwd: folder });
  const stopped = hooks();
  assert.equal(stopped.code, 1, stopped.out + stopped.err);
  assert.equal(stopped.out.match(/protocol-contradicts-port/g)?.length, 2, stopped.out);

  // A file that is not changed is seen by the hook for the whole folder only.
  commit(folder);
  writeFiles(folder, { 'values.yaml': 'replicas: 3\n' });
  must('git', ['add', 'values.yaml'], { cwd: folder });
  assert.equal(hooks('istio-egress').code, 1);
  assert.equal(hooks('istio-egress-changed').code, 0);
});
