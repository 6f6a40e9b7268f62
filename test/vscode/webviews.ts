// The webviews in real VS Code, as a user sees them: opened from the palette, used with the keyboard only, checked with axe-core in every
// theme and width, restored after a reload, and with names that try to be markup. Pictures go to out/screenshots.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { linkExtension, makeHome, root, startEditor, workbench } from './code-server.ts';
import { EditorDriver } from './editor-driver.ts';
import { accessView } from './webviews/access.ts';
import { egressMap } from './webviews/egress-map.ts';
import { gatewayLog } from './webviews/gateway-log.ts';
import { traceView } from './webviews/trace.ts';

/** A view's own tests, on the story; an argument names those to run. */
const all = { map: egressMap, trace: traceView, access: accessView, log: gatewayLog };
const views = Object.entries(all).flatMap(([name, view]) =>
  process.argv.length < 3 || process.argv.includes(name) ? [view] : [],
);

const shots = join(root, 'out/screenshots');
assert.ok(existsSync(join(root, 'dist/client.cjs')), 'there is no dist: npm run build');
mkdirSync(shots, { recursive: true });
const cleanUp: (() => unknown)[] = [];
let passed = 0;
let code = 1;
let page: Page | undefined;
try {
  const home = makeHome({
    workspace: join(root, 'examples'),
    settings: { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true },
  });
  cleanUp.unshift(home.drop);
  linkExtension(home);
  const editor = await startEditor(home);
  cleanUp.unshift(editor.stop);
  const browser = await startBrowser();
  cleanUp.unshift(() => browser.close());
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  await page.goto(workbench(editor, home.workspace));
  await page.locator('.monaco-workbench').waitFor();
  const driver = new EditorDriver(page, shots);
  for (const test of views) await test(driver, home.workspace, ok);
  code = 0;
} catch (error) {
  console.error(error);
  await page?.screenshot({ path: join(shots, 'failure.png') }).catch(console.error);
} finally {
  for (const stop of cleanUp) await stop();
}
console.log(`${passed} passed, ${code === 0 ? 0 : 1} failed`);
process.exit(code);

function ok(what: string): void {
  passed++;
  console.log(`ok ${what}`);
}
