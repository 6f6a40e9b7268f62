// npm run package && node test/bench/activation.ts [--runs 9]: how long the packaged extension takes to wake up in VS Code, as the editor itself counts it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowser } from '../vscode/browser.ts';
import { installExtension, makeHome, root, startEditor, workbench } from '../vscode/code-server.ts';
import { EditorDriver } from '../vscode/editor-driver.ts';
import manifest from '../../package.json' with { type: 'json' };

const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' } } });
const vsix = join(root, 'dist/istio-egress.vsix');
assert.ok(existsSync(vsix), 'there is no dist/istio-egress.vsix: npm run package');

const home = makeHome({ workspace: join(root, 'examples') });
const cleanUp: (() => unknown)[] = [home.drop];
try {
  installExtension(home, vsix);
  const editor = await startEditor(home);
  cleanUp.unshift(editor.stop);
  const browser = await startBrowser();
  cleanUp.unshift(() => browser.close());
  const times: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    // A window of its own each time: a new extension host.
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(workbench(editor, home.workspace));
    const driver = new EditorDriver(page, root);
    await driver.open('service-entry.yaml');
    await driver.run('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: manifest.displayName });
    const told = await row.locator('.activation-time').innerText();
    const ms = /(\d+)\s*ms/.exec(told)?.[1];
    assert.ok(ms !== undefined, `the editor tells no time: ${told}`);
    console.log(`run ${run + 1}: ${told.replaceAll('\n', ' ')}`);
    times.push(Number(ms));
    await page.close();
  }
  times.sort((a, b) => a - b);
  console.log(
    `activation: median ${times[times.length >> 1]} ms, ${times[0]} to ${times.at(-1)} ms, ${times.length} windows; load ${loadavg()[0]!.toFixed(1)}`,
  );
} finally {
  for (const drop of cleanUp) await drop();
}
process.exit(0);
