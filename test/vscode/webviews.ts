// The webviews in real VS Code, as a user sees them: opened from the palette, used with the keyboard only, checked with axe-core in every
// theme and width, restored after a reload, and with names that try to be markup. Pictures go to out/screenshots.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from './browser.ts';
import { linkExtension, makeHome, root, startEditor, workbench } from './code-server.ts';
import { EditorDriver } from './editor-driver.ts';
import { accessView } from './webviews/access.ts';
import { emptyViews } from './webviews/empty.ts';
import { egressMap } from './webviews/egress-map.ts';
import { gatewayLog } from './webviews/gateway-log.ts';
import { traceView } from './webviews/trace.ts';

/** A view's own tests, on the story; an argument names those to run. */
const all = { map: egressMap, trace: traceView, access: accessView, log: gatewayLog, empty: emptyViews };
const views = Object.entries(all).flatMap(([name, view]) =>
  process.argv.length < 3 || process.argv.includes(name) ? [view] : [],
);

const shots = join(root, 'out/screenshots');
assert.ok(existsSync(join(root, 'dist/client.cjs')), 'there is no dist: npm run build');
mkdirSync(shots, { recursive: true });
let passed = 0;
let code = 1;
const browser = await startBrowser();
try {
  for (const test of views) await inEditor(browser, test);
  code = 0;
} catch (error) {
  console.error(error);
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${code === 0 ? 0 : 1} failed`);
process.exit(code);

/** Each view in an editor and a folder of its own: what one test writes, no other sees. */
async function inEditor(on: Browser, test: (typeof views)[number]): Promise<void> {
  const home = makeHome({
    workspace: join(root, 'examples'),
    settings: { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true },
  });
  linkExtension(home);
  const editor = await startEditor(home);
  const page = await on.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    page.setDefaultTimeout(30_000);
    await page.goto(workbench(editor, home.workspace));
    await page.locator('.monaco-workbench').waitFor();
    await test(new EditorDriver(page, shots), home.workspace, ok);
  } catch (error) {
    await page.screenshot({ path: join(shots, 'failure.png') }).catch(console.error);
    throw error;
  } finally {
    await page.close();
    await editor.stop();
    home.drop();
  }
}

function ok(what: string): void {
  passed++;
  console.log(`ok ${what}`);
}
