// npm test: installs what is missing, runs every suite and sums up. Uses Node's own modules only, so that it starts in a fresh clone.
// Arguments name the suites or tiers that run: node test/run.mjs unit host · node test/run.mjs fast
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installBrowser, installEditor, installNeovim, installPackages, node, root } from '../client/dev/prepare.mjs';
import { startPeersBuild } from './runner/peers-build.mjs';
import { Results } from './runner/results.mjs';

const began = Date.now();
const results = new Results();

/** In the order in which they run: those that need the real programs (`peers`) come last, so that a first build has time. */
const suites = {
  types: {
    run: async () => {
      for (const project of ['.', 'client/src/webviews'])
        await results.step(node, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', project]);
    },
  },
  lint: { run: () => results.step(node, ['test/lint.mjs']) },
  build: { run: () => results.step(node, [join(root, 'server/build/esbuild.mjs')]) },
  unit: { run: () => results.nodeTest(unitTests()) },
  package: { run: () => results.step(node, ['client/dev/package.mjs']) },
  install: { run: () => results.nodeTest(testsBelow('test/install'), 1) },
  web: { needs: ['editor'], run: () => results.counted(node, ['test/vscode/run-host-tests.ts', '--web']) },
  writing: { needs: ['editor'], run: () => results.counted(node, ['test/vscode/writing.ts']) },
  webviews: { needs: ['editor'], run: () => results.counted(node, ['test/vscode/webviews.ts']) },
  trust: { needs: ['editor'], run: () => results.counted(node, ['test/vscode/trust.ts']) },
  host: { needs: ['editor', 'peers'], run: () => results.counted(node, ['test/vscode/run-host-tests.ts']) },
  peers: {
    needs: ['peers', 'neovim'],
    run: (built) => built && results.nodeTest([...testsBelow('test/peers'), ...testsBelow('test/data-plane')], 1),
  },
  story: { needs: ['editor', 'peers'], run: () => results.counted(node, ['test/vscode/story.ts']) },
};
const tiers = { fast: ['types', 'lint', 'build', 'unit'] };

const wanted = chosen(process.argv.slice(2));
const anyNeeds = (what) => wanted.some((name) => suites[name].needs?.includes(what));

installPackages();
if (anyNeeds('editor')) {
  installBrowser();
  installEditor();
}
if (anyNeeds('neovim')) installNeovim();
const peers = anyNeeds('peers') ? startPeersBuild(results) : undefined;
for (const name of wanted) {
  console.log(`\n== ${name} (${seconds()} s)`);
  const { needs = [], run } = suites[name];
  await run(needs.includes('peers') && (await peers.ready()));
}
console.log(`\n${seconds()} s in all`);
const { requests, open } = results.compared;
if (requests > 0) console.log(comparedText());
for (const reason of results.reasons) console.log(`SKIPPED: ${reason}`);
console.log(`${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`);
process.exit(results.failed > 0 || results.passed === 0 ? 1 : 0);

/** What was sent through real Envoys. Without them, the reasons say what is skipped. */
function comparedText() {
  const verdict = results.failed > 0 ? 'see the failures' : 'none different';
  return `COMPARED by bytes: ${requests} requests, ${requests - open} as traces say, ${open} left open, ${verdict}`;
}

/** The suites that the arguments name, by themselves or by tier; without arguments all. */
function chosen(words) {
  const unknown = words.filter((word) => !(word in suites) && !(word in tiers));
  if (unknown.length > 0) {
    const known = `${Object.keys(suites).join(', ')}, and the tier ${Object.keys(tiers).join(', ')}`;
    console.error(`No suite is called ${unknown.join(', ')}. There are ${known}.`);
    process.exit(2);
  }
  const named = new Set(words.flatMap((word) => tiers[word] ?? word));
  return Object.keys(suites).filter((name) => words.length === 0 || named.has(name));
}

function seconds() {
  return ((Date.now() - began) / 1000).toFixed(0);
}

/** What needs neither an editor nor the real programs. */
function unitTests() {
  const own = ['test/peers/', 'test/data-plane/', 'test/install/'];
  return [
    ...testsBelow('test').filter((file) => !own.some((folder) => file.startsWith(folder))),
    ...testsBelow('server/src'),
  ];
}

function testsBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return testsBelow(path);
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}
