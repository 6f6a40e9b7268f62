// What the suites of one run add up to, and how each kind of suite is counted.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { node, root, withOwnNode } from '../../client/dev/prepare.mjs';

export const env = withOwnNode();

export class Results {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Requests that real Envoys answered, compared with traces. */
  compared = { requests: 0, open: 0 };
  /** Why each skipped thing was skipped; printed at the end of the run. */
  reasons = [];

  /** A step that passes or fails as a whole. */
  async step(file, args) {
    const { code } = await show(file, args);
    if (code === 0) this.passed++;
    else this.failed++;
  }

  /** A suite that ends with `N passed, N failed` and perhaps `, N skipped`. */
  async counted(file, args) {
    const { code, output } = await show(file, args);
    const found = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
    this.passed += Number(found?.[1] ?? 0);
    this.failed += Math.max(Number(found?.[2] ?? 0), code === 0 ? 0 : 1);
    this.skipped += Number(found?.[3] ?? 0);
    if (!found && code === 0) this.failed++;
    this.#collectReasons(output);
  }

  /** Files of `node:test`, as many at a time as there are processors; Node itself would leave one idle. */
  async nodeTest(files, concurrency = availableParallelism()) {
    const options = ['--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`];
    const { code, output } = await show(node, [...options, ...files], isNoPass);
    const number = (word) => Number([...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
    this.passed += number('pass');
    this.failed += Math.max(number('fail') + number('cancelled'), code === 0 ? 0 : 1);
    this.skipped += number('skipped');
    if (number('pass') === 0 && code === 0) this.failed++;
    this.#collectReasons(output);
    this.#collectCompared(output);
    console.log(`${number('pass')} passed, ${number('fail')} failed, ${number('skipped')} skipped`);
  }

  skip(reason) {
    this.skipped++;
    this.reasons.push(reason);
  }

  /** As tests of the data plane say it; where one differs, its test fails. */
  #collectCompared(output) {
    for (const [, requests, open = 0] of output.matchAll(
      /^\s*ℹ (\d+) requests compared(?:, \d+ equal, (\d+) left open)?/gm,
    )) {
      this.compared.requests += Number(requests);
      this.compared.open += Number(open);
    }
  }

  #collectReasons(output) {
    for (const [, why] of output.matchAll(/^SKIPPED:? (.*)$/gm)) this.reasons.push(why);
    for (const [, what] of output.matchAll(/^\s*﹣ (.*)$/gm)) this.reasons.push(what.replace(/\s*\([\d.]+ms\)/, ''));
  }
}

/** Passing tests by name are noise where there are thousands; what failed and the sums are shown. */
function isNoPass(line) {
  return !/^\s*[✔▶]/.test(line);
}

/** Runs a program and shows its lines as they come. */
function show(file, args, isShown = () => true) {
  return new Promise((done) => {
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let rest = '';
    const take = (chunk) => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) if (isShown(line)) console.log(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      console.error(error.message);
      done({ code: 1, output });
    });
    child.on('close', (code) => {
      if (rest) console.log(rest);
      done({ code, output });
    });
  });
}
