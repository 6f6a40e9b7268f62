// The packaged extension in real VS Code, driven through a real browser as a user would: break the story, see it, fix it, then live it on a
// real control plane with the real istioctl, through the waypoint's real Envoy, from provisioning to a denied request. Screenshots of what
// a user sees go to out/screenshots.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { peersWithDataPlane, startCluster, type Cluster } from '../kit/peers.ts';
import { startBrowser } from './browser.ts';
import { EditorDriver } from './editor-driver.ts';
import { breakAndFix } from './break-and-fix.ts';
import { runClusterStory } from './seed-story.ts';
import { installExtension, makeHome, root, startEditor, workbench } from './code-server.ts';

const shots = join(root, 'out/screenshots');
const vsix = join(root, 'dist/istio-egress.vsix');
const namespace = 'common-infrastructure';
const found = peersWithDataPlane();
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
    machine: cluster ? { 'istioEgress.kubeconfig': cluster.kubeconfig, ...shortPaths(cluster) } : {},
  });
  cleanUp.unshift(home.drop);
  installExtension(home, vsix);
  const editor = await startEditor(home);
  cleanUp.unshift(editor.stop);
  const browser = await startBrowser();
  cleanUp.unshift(() => browser.close());
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120_000);
  await page.goto(workbench(editor, home.workspace));
  await page.locator('.monaco-workbench').waitFor();
  const driver = new EditorDriver(page, shots);
  if (!process.argv.includes('--cluster-only')) await breakAndFix(driver, home.workspace, ok);
  if (cluster) await runClusterStory(driver, { cluster, folder: home.workspace, namespace, ok });
  code = 0;
} catch (error) {
  console.error(error);
  await page?.screenshot({ path: join(shots, 'failure.png') }).catch(console.error);
} finally {
  for (const stop of cleanUp) await stop();
}
if (!found.available) console.log(`SKIPPED: the story on a cluster (${found.why})`);
console.log(`${passed} passed, ${code === 0 ? 0 : 1} failed${found.available ? '' : ', 1 skipped'}`);
process.exit(code);

function ok(what: string): void {
  passed++;
  console.log(`ok ${what}`);
}

async function clusterWithNamespace(): Promise<Cluster> {
  const cluster = await startCluster({ dataPlane: true });
  cleanUp.unshift(cluster.stop);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await cluster.kubectl(['label', 'namespace', namespace, 'istio.io/dataplane-mode=ambient']);
  return cluster;
}

/** Pictures show the commands: paths that a reader need not know are left out of them. */
function shortPaths({ tools }: Cluster): Readonly<Record<string, string>> {
  const bin = mkdtempSync(join(tmpdir(), 'bin-'));
  cleanUp.unshift(() => rmSync(bin, { recursive: true }));
  for (const tool of ['kubectl', 'istioctl'] as const) symlinkSync(tools[tool], join(bin, tool));
  return { 'istioEgress.kubectlPath': join(bin, 'kubectl'), 'istioEgress.istioctlPath': join(bin, 'istioctl') };
}
