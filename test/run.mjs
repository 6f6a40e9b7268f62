// npm test: installs what is missing, then runs every suite and sums up. Uses Node's own modules only, so that it starts in a fresh clone.
// Names of suites as arguments run only those: node test/run.mjs unit host
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installBrowser, installEditor, installPackages, node, root, withOwnNode } from '../client/dev/prepare.mjs';

installPackages();
installBrowser();
installEditor();

const env = withOwnNode();
const began = Date.now();
const sums = { passed: 0, failed: 0, skipped: 0 };
const skippedAloud = [];

const suites = {
  types: () => one(node, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']),
  build: () => one(node, [join(root, 'server/build/esbuild.mjs')]),
  unit: () =>
    nodeTest([...testsBelow('test').filter((file) => !file.startsWith('test/peers/')), ...testsBelow('server/src')]),
  host: () => counted(node, ['test/vscode/run-host-tests.ts']),
  web: () => counted(node, ['test/vscode/run-host-tests.ts', '--web']),
  peers: () => peers(),
  package: () => one(node, ['client/dev/package.mjs']),
  trust: () => counted(node, ['test/vscode/trust.ts']),
  story: () => counted(node, ['test/vscode/story.ts']),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}
for (const [name, run] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  await run();
}
console.log(`\n${((Date.now() - began) / 1000).toFixed(0)} s in all`);
for (const line of skippedAloud) console.log(`SKIPPED: ${line}`);
console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
process.exit(sums.failed > 0 || sums.passed === 0 ? 1 : 0);

/** A step that passes or fails as a whole. */
async function one(file, args) {
  const { code } = await shown(file, args);
  if (code === 0) sums.passed++;
  else sums.failed++;
}

/** A suite that ends with `N passed, N failed`, with what it skipped behind it. */
async function counted(file, args) {
  const { code, output } = await shown(file, args);
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  sums.passed += Number(found?.[1] ?? 0);
  sums.failed += Math.max(Number(found?.[2] ?? 0), code === 0 ? 0 : 1);
  sums.skipped += Number(found?.[3] ?? 0);
  if (!found && code === 0) sums.failed++;
  collectSkips(output);
}

async function nodeTest(files, extra = []) {
  const { code, output } = await shown(node, ['--test', '--test-reporter=spec', ...extra, ...files], quiet);
  const number = (word) => Number([...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  sums.passed += number('pass');
  sums.failed += Math.max(number('fail') + number('cancelled'), code === 0 ? 0 : 1);
  sums.skipped += number('skipped');
  if (number('pass') === 0 && code === 0) sums.failed++;
  collectSkips(output);
  console.log(`${number('pass')} passed, ${number('fail')} failed, ${number('skipped')} skipped`);
}

/** The real programs are built once and kept; without Go they cannot be, which is said and is no failure. */
async function peers() {
  const { status } = spawnSync('bash', ['test/peers/build.sh'], { cwd: root, env, stdio: 'inherit' });
  if (status === 3) {
    skippedAloud.push('everything that needs the real istioctl, API server and istiod: Go is not installed');
    sums.skipped++;
    return;
  }
  if (status !== 0) {
    sums.failed++;
    return;
  }
  await nodeTest(testsBelow('test/peers'), ['--test-concurrency=1']);
}

function testsBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? testsBelow(path) : entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}

function collectSkips(output) {
  for (const [, why] of output.matchAll(/^SKIPPED:? (.*)$/gm)) skippedAloud.push(why);
  for (const [, what] of output.matchAll(/^\s*﹣ (.*)$/gm)) skippedAloud.push(what.replace(/\s*\([\d.]+ms\)/, ''));
}

/** Passing tests by name are noise where there are thousands; what failed and the sums are shown. */
function quiet(line) {
  return !/^\s*✔/.test(line) && !/^\s*▶/.test(line);
}

function shown(file, args, isShown = () => true) {
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
