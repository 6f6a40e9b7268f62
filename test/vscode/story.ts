// The packaged extension in real VS Code, driven through a real browser as a person would: break the story, see it, fix it, provision the
// gateway with the real istioctl on a real control plane. Screenshots of what a person sees go to out/screenshots.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';
import { startBrowser } from './browser.ts';
import { Person } from './person.ts';
import { installExtension, makeHome, root, startEditor, workbench } from './code-server.ts';

const shots = join(root, 'out/screenshots');
const vsix = join(root, 'dist/istio-egress.vsix');
const namespace = 'common-infrastructure';
const found = peers();
let passed = 0;

assert.ok(existsSync(vsix), 'there is no dist/istio-egress.vsix: npm run package');
mkdirSync(shots, { recursive: true });
const cleanUp: (() => unknown)[] = [];
let code = 1;
let page: Page | undefined;
try {
  const cluster = found.available ? await clusterWithNamespace() : undefined;
  const home = makeHome({
    workspace: join(root, 'examples'),
    settings: { 'window.autoDetectColorScheme': true },
    machine: cluster ? { 'istioEgress.kubeconfig': cluster.kubeconfig, 'istioEgress.istioctlPath': cluster.tools.istioctl, 'istioEgress.kubectlPath': cluster.tools.kubectl } : {},
  });
  cleanUp.unshift(home.drop);
  installExtension(home, vsix);
  const editor = await startEditor(home);
  cleanUp.unshift(editor.stop);
  const browser = await startBrowser();
  cleanUp.unshift(() => browser.close());
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbench(editor, home.workspace));
  await page.locator('.monaco-workbench').waitFor();
  const person = new Person(page, {
    namespace, shots,
    ok(what) {
      passed++;
      console.log(`ok ${what}`);
    },
  });
  await person.breaksAndFixes(home.workspace);
  if (cluster) await person.provisions(cluster);
  code = 0;
} catch (error) {
  console.error(error);
  await page?.screenshot({ path: join(shots, 'failure.png') }).catch(console.error);
} finally {
  for (const stop of cleanUp) await stop();
}
if (!found.available) console.log(`SKIPPED: provisioning from the editor (${found.why})`);
console.log(`${passed} passed, ${code === 0 ? 0 : 1} failed${found.available ? '' : ', 1 skipped'}`);
process.exit(code);

async function clusterWithNamespace(): Promise<Cluster> {
  const cluster = await startCluster({ pods: true });
  cleanUp.unshift(cluster.stop);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await cluster.kubectl(['label', 'namespace', namespace, 'istio.io/dataplane-mode=ambient']);
  return cluster;
}
