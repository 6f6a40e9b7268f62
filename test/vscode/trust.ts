// The packaged extension in a folder that no one has trusted, with workspace trust on: reading works, nothing is started.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { installExtension, makeHome, root, startEditor, workbench } from './code-server.ts';

const vsix = join(root, 'dist/istio-egress.vsix');
const shots = join(root, 'out/screenshots');
assert.ok(existsSync(vsix), 'there is no dist/istio-egress.vsix: npm run package');
mkdirSync(shots, { recursive: true });

// A key of the user's own goes past what hides the command from the palette.
const home = makeHome({
  workspace: join(root, 'examples'),
  settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
  keybindings: [
    { key: 'ctrl+alt+8', command: 'istioEgress.provisionEgressGateway' },
    { key: 'ctrl+alt+9', command: 'istioEgress.checkWorkspace' },
  ],
});
const cleanUp: (() => unknown)[] = [home.drop];
let page: Page | undefined;
let passed = 0;
let code = 1;

/** Programs that leave a trace when they are started: the user's own, and one that the folder asks for, as a hostile one would. */
const trace = join(home.folder, 'started');
const traceOfFolder = join(home.folder, 'started-for-the-folder');
writeFileSync(join(home.folder, 'data/Machine/settings.json'), JSON.stringify(naming('istioctl', trace)));
mkdirSync(join(home.workspace, '.vscode'));
writeFileSync(join(home.workspace, '.vscode/settings.json'), JSON.stringify(naming('of-folder', traceOfFolder)));

/** Settings that name a program, which is written here. */
function naming(name: string, leaves: string): object {
  const program = join(home.folder, name);
  writeFileSync(program, `#!/bin/sh\necho "$0" >> '${leaves}'\n`);
  chmodSync(program, 0o755);
  return { 'istioEgress.istioctlPath': program, 'istioEgress.kubectlPath': program };
}

try {
  installExtension(home, vsix);
  const editor = await startEditor(home, { trust: true });
  cleanUp.unshift(editor.stop);
  const browser = await startBrowser();
  cleanUp.unshift(() => browser.close());
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.goto(workbench(editor, home.workspace));
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  ok('the folder is not trusted');

  await page.getByRole('treeitem', { name: 'service-entry.yaml' }).dblclick();
  await page.locator('.tab.active', { hasText: 'service-entry.yaml' }).waitFor();
  const checked = page.locator('.notification-toast', { hasText: 'Checked ' }).first();
  await pressUntil(page, 'Control+Alt+9', checked);
  ok('the workspace is checked all the same');

  const palette = page.locator('.quick-input-widget input');
  await pressUntil(page, 'F1', palette);
  await palette.fill('>Istio Egress: ');
  const commands = page.locator('.quick-input-list .monaco-list-row');
  await commands.filter({ hasText: 'Check Workspace' }).waitFor();
  assert.equal(await commands.filter({ hasText: 'Provision Egress Gateway' }).count(), 0);
  await page.keyboard.press('Escape');
  ok('the palette does not offer to provision');

  const refusal = page.locator('.notification-toast', { hasText: 'needs a trusted workspace' }).first();
  await pressUntil(page, 'Control+Alt+8', refusal);
  await page.screenshot({ path: join(shots, 'untrusted.png') });
  assert.equal(existsSync(trace), false, 'a program was started');
  ok('run all the same, it says why not, and starts nothing');

  await refusal.getByRole('button', { name: 'Manage Workspace Trust' }).click();
  await page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached' });
  await startsProgram(page);
  ok('once the folder is trusted, the program that the user names is started');
  assert.equal(existsSync(traceOfFolder), false, 'a program was started that the folder names');
  ok('one that the folder names is not, trusted or not');
  code = 0;
} catch (error) {
  console.error(error);
  await page?.screenshot({ path: join(shots, 'untrusted-failure.png') }).catch(console.error);
} finally {
  for (const stop of cleanUp) await stop();
}
console.log(`${passed} passed, ${code === 0 ? 0 : 1} failed`);
process.exit(code);

function ok(what: string): void {
  passed++;
  console.log(`ok ${what}`);
}

/** Proves that the trace would have been left: the check before could fail. */
async function startsProgram(open: Page): Promise<void> {
  for (let attempt = 1; !existsSync(trace); attempt++) {
    assert.ok(attempt < 20, 'the program is not started in a trusted folder either');
    await open.keyboard.press('Control+Alt+8');
    await open.waitForTimeout(1000);
  }
}

/** A key can get lost while the editor is still busy: pressed until what it opens is there. */
async function pressUntil(open: Page, key: string, opened: Locator): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await open.keyboard.press(key);
    try {
      return await opened.first().waitFor({ timeout: 6000 });
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}
