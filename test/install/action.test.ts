// The steps of the GitHub Action, run as they stand by bash, with a runner's environment. What only GitHub can do is checked by its form.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { parse } from 'yaml';
import { root } from '../kit/lsp-client.ts';
import { writeFiles } from '../kit/cli.ts';
import { commit, emptyFolder, faultless, faulty, must, npmPackage, repository, run, type Ended } from './kit.ts';

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
  /** What GitHub knows of the event. */
  github: Readonly<Record<string, string>> = {};

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
        : (this.#outputs.get(name) ?? this.github[name] ?? ''),
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

/** A pull request that adds a file to a repository, and a clone as actions/checkout makes it: only the last commit. */
function pullRequest(): { readonly clone: string; readonly base: string } {
  const origin = repository({ 'README.md': 'manifests\n' });
  const base = must('git', ['rev-parse', 'HEAD'], { cwd: origin }).trim();
  must('git', ['config', 'uploadpack.allowAnySHA1InWant', 'true'], { cwd: origin });
  writeFiles(origin, { 'entry.yaml': faultless });
  commit(origin);
  const clone = join(emptyFolder(), 'clone');
  must('git', ['clone', '--quiet', '--depth=1', `file://${origin}`, clone]);
  return { clone, base };
}

test('a pull request says what it opens, and fails for what is asked', () => {
  const { clone, base } = pullRequest();
  const job = new Job(clone, { 'diff-fail-on': 'opened' });
  job.github = { 'github.event.pull_request.base.sha': base };
  assert.equal(job.run('Check the manifests').code, 0);
  const diff = job.run('Say what the change opens and closes');
  assert.equal(diff.code, 0, diff.err);
  assert.match(job.summary, /### What this change opens and closes[\s\S]*api\.payments\.example:443/);
  assert.equal(job.run('Pass or fail').code, 1);
});

// GitHub itself cannot be here: a program in the place of `gh` writes down what it is asked, and knows one comment or none.
test('the comment is written once, and then kept up to date', () => {
  const { clone, base } = pullRequest();
  for (const [known, expected] of [
    ['', /--method POST repos\/team\/manifests\/issues\/7\/comments --field body=@.*istio-egress-comment\.md/],
    ['41', /--method PATCH repos\/team\/manifests\/issues\/comments\/41 --field body=@.*istio-egress-comment\.md/],
  ] as const) {
    const programs = emptyFolder();
    writeFileSync(
      join(programs, 'gh'),
      `#!/bin/sh\ncase "$*" in *--paginate*) echo '${known}' ;; *) echo "$*" >> '${programs}/asked' ;; esac\n`,
      { mode: 0o755 },
    );
    const before = path;
    path = `${programs}:${path}`;
    const job = new Job(clone, { comment: 'true', token: 'none' });
    job.github = {
      'github.event.pull_request.base.sha': base,
      'github.event.pull_request.number': '7',
      'github.repository': 'team/manifests',
    };
    assert.equal(job.run('Say what the change opens and closes').code, 0);
    const commented = job.run('Comment on the pull request');
    path = before;
    assert.equal(commented.code, 0, commented.err);
    assert.match(readFileSync(join(programs, 'asked'), 'utf8'), expected);
    assert.match(readFileSync(join(runnerTemp, 'istio-egress-comment.md'), 'utf8'), /^<!-- istio-egress -->\n### What/);
  }
});
