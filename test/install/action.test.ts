// The steps of the GitHub Action, run as they stand by bash, with a runner's environment. What only GitHub can do is checked by its form.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../kit/lsp-client.ts';
import { emptyFolder, faultless, faulty, npmPackage, repository, run, type Ended } from './kit.ts';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
const runnerTemp = emptyFolder();
let path = process.env['PATH'] ?? '';

/** What the steps of a job have in common, as the runner gives it. */
class Job {
  readonly #files = emptyFolder();
  readonly #outputs = new Map<string, string>();
  readonly #inputs: Readonly<Record<string, string>>;
  readonly #cwd: string;
  constructor(cwd: string, inputs: Readonly<Record<string, string>>) {
    this.#cwd = cwd;
    this.#inputs = inputs;
  }

  get summary(): string {
    return readFileSync(join(this.#files, 'summary'), 'utf8');
  }

  run(name: string): Ended {
    const step = action.runs.steps.find((one) => one.name === name)!;
    for (const file of ['output', 'summary', 'path']) writeFileSync(join(this.#files, file), '', { flag: 'a' });
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, this.#filled(value)]));
    const ended = run('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run!], {
      cwd: this.#cwd,
      env: {
        ...process.env,
        PATH: path,
        GITHUB_ACTION_PATH: root,
        RUNNER_TEMP: runnerTemp,
        GITHUB_OUTPUT: join(this.#files, 'output'),
        GITHUB_STEP_SUMMARY: join(this.#files, 'summary'),
        GITHUB_PATH: join(this.#files, 'path'),
        ...env,
      },
    });
    const added = readFileSync(join(this.#files, 'path'), 'utf8').trim();
    if (added !== '') path = `${added}:${path}`;
    for (const line of readFileSync(join(this.#files, 'output'), 'utf8').split('\n').filter(Boolean))
      this.#outputs.set(`steps.${step.id}.outputs.${line.split('=')[0]}`, line.slice(line.indexOf('=') + 1));
    return ended;
  }

  #filled(value: string): string {
    return value.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) =>
      name.startsWith('inputs.')
        ? (this.#inputs[name.slice(7)] ?? action.inputs[name.slice(7)]!.default)
        : (this.#outputs.get(name) ?? ''),
    );
  }
}

before(() => {
  const { code, err } = new Job(emptyFolder(), { package: npmPackage }).run('Install istio-egress');
  assert.equal(code, 0, err);
});

test('a folder without findings passes', () => {
  const job = new Job(repository({ 'entry.yaml': faultless }), {});
  const checked = job.run('Check the manifests');
  assert.equal(checked.code, 0, checked.err);
  assert.equal(job.run('Pass or fail').code, 0);
  assert.match(job.summary, /0 errors, 0 warnings/);
});

test('findings are annotations, a summary and SARIF, and fail the job at the end', () => {
  const job = new Job(repository({ 'a folder/entry.yaml': faulty, 'other/entry.yaml': 'kind: [' }), {
    paths: 'a folder\n',
  });
  const checked = job.run('Check the manifests');
  assert.equal(checked.code, 0, checked.err);
  assert.match(checked.out, /^::warning file=a folder\/entry\.yaml,line=\d+,/m);
  assert.match(job.summary, /protocol-contradicts-port/);
  const sarif = JSON.parse(readFileSync(join(runnerTemp, 'istio-egress.sarif'), 'utf8')) as {
    runs: [{ results: unknown[] }];
  };
  assert.equal(sarif.runs[0].results.length, 1);
  assert.equal(job.run('Pass or fail').code, 1);
});

test('inputs are values and never words of a shell or options', () => {
  const job = new Job(repository({ 'entry.yaml': faultless }), {
    paths: '$(touch stolen)\n--fix',
    'istio-version': '1.30; touch stolen',
  });
  const checked = job.run('Check the manifests');
  assert.match(checked.err, /istio-egress: .*(touch stolen)/);
  assert.equal(job.run('Pass or fail').code, 2);
});

test('options and thresholds reach the command line', () => {
  const job = new Job(repository({ 'entry.yaml': faulty }), {
    'fail-on': 'error',
    options: '--severity\nprotocol-contradicts-port=information\n',
  });
  assert.match(job.run('Check the manifests').out, /^::notice file=entry\.yaml/m);
  assert.equal(job.run('Pass or fail').code, 0);
});

test('no expression stands in a script, where a value could become a command', () => {
  for (const { run: script, shell, uses } of action.runs.steps) {
    assert.ok(uses !== undefined || shell === 'bash');
    assert.doesNotMatch(script ?? '', /\$\{\{/);
  }
});
