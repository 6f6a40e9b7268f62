// The steps that publish a release, run as they stand with programs that only note how they are called.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';
import { emptyFolder, run } from './kit.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const { jobs } = parse(readFileSync(join(root, '.github/workflows/publish.yml'), 'utf8')) as Workflow;
const steps = Object.values(jobs).flatMap((job) => job.steps.filter(({ run: script }) => script !== undefined));
const folder = emptyFolder();
const calls = join(folder, 'calls');
for (const program of ['gh', 'npm', 'npx']) {
  writeFiles(folder, { [`bin/${program}`]: `#!/bin/sh\necho "${program} $*" >> "${calls}"\n` });
  chmodSync(join(folder, 'bin', program), 0o755);
}

function called(step: Step, token: string): { readonly out: string; readonly calls: readonly string[] } {
  rmSync(calls, { force: true });
  const secret = Object.entries(step.env!).find(([, value]) => value.includes('secrets.'))![0];
  const { code, out, err } = run('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run!], {
    cwd: folder,
    env: {
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      GITHUB_REPOSITORY: 'acme/istio-egress',
      TAG: `v${manifest.version}`,
      [secret]: token,
    },
  });
  assert.equal(code, 0, err);
  return { out, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] };
}

test('a release goes to npm, the Marketplace and Open VSX, with the files that it has', () => {
  const vsix = 'publish --packagePath istio-egress.vsix';
  assert.deepEqual(
    steps.map((step) => [step.name, called(step, 'token').calls.at(-1)]),
    [
      ['npm', `npm publish --provenance --access public ./${manifest.name}-${manifest.version}.tgz`],
      ['Visual Studio Marketplace', `npx --yes @vscode/vsce@${manifest.devDependencies['@vscode/vsce']} ${vsix}`],
      ['Open VSX', `npx --yes ovsx@1.4.0 ${vsix}`],
    ],
  );
});

test('without a token nothing is sent, and the run says so', () => {
  for (const step of steps) {
    const { out, calls: made } = called(step, '');
    assert.deepEqual(made, []);
    assert.match(out, /^::notice::Not published to .* is not set$/m);
  }
});
