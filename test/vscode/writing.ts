// The whole story written in real VS Code from an empty folder: every resource comes from completion, is picked with the keyboard and saved.
// Then the host is renamed in all files at once, its callers are shown, New Manifest writes one more file, and a refactoring changes the
// entry. Screenshots of what a user sees go to out/screenshots.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { runCli, writeFiles } from '../kit/cli.ts';
import { startBrowser } from './browser.ts';
import { linkExtension, makeHome, root, startEditor, workbench } from './code-server.ts';
import { EditorDriver, until } from './editor-driver.ts';

const shots = join(root, 'out/screenshots');
const newFile = { key: 'ctrl+alt+n', command: 'explorer.newFile' };

/** The files in the order in which a user writes them, each with the words that pick its template. */
const story = [
  ['namespace.yaml', 'Egress namespace with its waypoint'],
  ['waypoint.yaml', 'Egress waypoint'],
  ['service-entry.yaml', 'ServiceEntry: HTTP inside, HTTPS outside'],
  ['http-route.yaml', 'HTTPRoute on a ServiceEntry'],
  ['policy.yaml', 'AuthorizationPolicy for a ServiceEntry, by HTTP method'],
  ['telemetry.yaml', 'Telemetry: egress access log'],
] as const;

/** What others wrote that names the host too. */
const others = {
  'sidecar.yaml': `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: shop
  namespace: shop
spec:
  egress:
  - hosts:
    - common-infrastructure/httpbin.org
`,
  'virtual-service.yaml': `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: httpbin
  namespace: common-infrastructure
spec:
  hosts:
  - httpbin.org
  http:
  - timeout: 5s
    route:
    - destination:
        host: httpbin.org
`,
  'host-policy.yaml': `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: hosts
  namespace: common-infrastructure
spec:
  targetRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: egress-gateway
  rules:
  - to:
    - operation:
        hosts: [httpbin.org, "httpbin.org:80"]
`,
} as const;

assert.ok(existsSync(join(root, 'dist/client.cjs')), 'there is no dist: npm run build');
mkdirSync(shots, { recursive: true });
const cleanUp: (() => unknown)[] = [];
let passed = 0;
let code = 1;
let page: Page | undefined;
try {
  const home = makeHome({
    settings: { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true },
    keybindings: [newFile],
  });
  cleanUp.unshift(home.drop);
  mkdirSync(home.workspace);
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
  for (const [file, template] of story) await write(driver, home.workspace, file, template);
  findsNothing(home.workspace);
  await othersWrite(driver, home.workspace);
  const before = codes(home.workspace);
  await renames(driver, home.workspace);
  assert.deepEqual(codes(home.workspace), before);
  ok('the check finds after it what it found before');
  await showsCallers(driver);
  await writesManifest(driver, home.workspace);
  await refactors(driver, home.workspace);
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

async function write(driver: EditorDriver, folder: string, file: string, template: string): Promise<void> {
  const { page } = driver;
  const name = page.locator('.explorer-item-edited input');
  await driver.pressUntil('Control+Alt+N', name);
  await name.fill(file);
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: file }).first().waitFor();
  await page.locator('.editor-instance .monaco-editor').first().click();
  const list = page.locator('.suggest-widget.visible');
  await driver.pressUntil('Control+Space', list);
  await page.keyboard.type(template.split(/\W/)[0]!);
  await list
    .locator('.monaco-list-row', { hasText: template.split(':')[0]! })
    .first()
    .waitFor();
  const chosen = list.locator('.monaco-list-row.focused', { hasText: template });
  await until(`${template} is chosen`, async () => {
    if ((await chosen.count()) > 0) return true;
    await page.keyboard.press('ArrowDown');
    return false;
  });
  if (file === 'service-entry.yaml') await driver.shootAll('completion');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+S');
  await until(`${file} is saved`, () => /^kind: /m.test(readFileSync(join(folder, file), 'utf8')));
  ok(`${file} comes from completion`);
}

/** The rules whose findings the files have. */
function codes(folder: string): string[] {
  const { out } = runCli(['check', '--format', 'json', '.'], { cwd: folder });
  return (JSON.parse(out) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule).sort();
}

async function othersWrite({ page }: EditorDriver, folder: string): Promise<void> {
  writeFiles(folder, others);
  for (const file of Object.keys(others)) await page.getByRole('treeitem', { name: file }).first().waitFor();
}

function findsNothing(folder: string): void {
  assert.deepEqual(codes(folder), []);
  ok('the check of the written files finds nothing');
}

async function renames(driver: EditorDriver, folder: string): Promise<void> {
  const { page } = driver;
  const filesWith = (host: string) =>
    readdirSync(folder).filter((file) => readFileSync(join(folder, file), 'utf8').includes(host));
  const before = filesWith('httpbin.org');
  await atLine(driver, '- httpbin.org');
  const box = page.locator('.rename-box input');
  await driver.pressUntil('F2', box);
  await box.fill('httpbingo.org');
  await page.keyboard.press('Control+Enter');
  const preview = page.locator('.bulk-edit-panel');
  await preview.locator('.monaco-list-row').first().waitFor();
  await driver.shootAll('rename');
  await preview.locator('.buttons .monaco-button', { hasText: 'Apply' }).click();
  await driver.run('File: Save All', 'Save All');
  await until(
    'the new host is on disk',
    () => filesWith('httpbin.org').length === 0 && filesWith('httpbingo.org').length >= before.length,
  );
  assert.deepEqual(filesWith('httpbingo.org'), before);
  assert.equal(before.length, 5, before.join());
  ok(`the host is renamed in ${before.length} files: ${before.join(', ')}`);
}

/** In the file of the ServiceEntry, at the end of the line. */
async function atLine(driver: EditorDriver, line: string): Promise<void> {
  await driver.open('service-entry.yaml');
  await driver.page.locator('.view-line', { hasText: line }).first().click();
  await driver.page.keyboard.press('End');
}

async function showsCallers(driver: EditorDriver): Promise<void> {
  const { page } = driver;
  await atLine(driver, '- httpbingo.org');
  const callers = page.locator('.part.sidebar').getByRole('treeitem', { name: /port 80/ });
  await driver.pressUntil('Shift+Alt+H', callers.first());
  assert.match((await callers.allInnerTexts()).join(), /all requests|GET/);
  await driver.shootAll('callers');
  await page.keyboard.press('Control+Shift+E');
  await page.getByRole('treeitem', { name: 'service-entry.yaml' }).first().waitFor();
  ok('the call hierarchy of the host says who may call it');
}

async function writesManifest(driver: EditorDriver, folder: string): Promise<void> {
  const before = readdirSync(folder);
  await driver.run('Istio Egress: New Manifest');
  await driver.answer(/What do you want to write/, 'ServiceEntry: TCP');
  const files = () => readdirSync(folder).filter((file) => !before.includes(file));
  const question = driver.page.locator('.quick-input-widget input').first();
  for (let asked = 0; files().length === 0 && asked < 12; asked++) {
    await until('a question or the file', async () => files().length > 0 || (await question.isVisible()));
    if (files().length === 0) await driver.page.keyboard.press('Enter');
    await driver.page.waitForTimeout(500);
  }
  const [file] = files();
  assert.ok(file !== undefined, 'no file was written');
  assert.match(readFileSync(join(folder, file), 'utf8'), /^kind: ServiceEntry$/m);
  await driver.page.locator('.tab.active', { hasText: file }).first().waitFor();
  ok(`New Manifest writes ${file}`);
}

async function refactors(driver: EditorDriver, folder: string): Promise<void> {
  const { page } = driver;
  const text = () => readFileSync(join(folder, 'service-entry.yaml'), 'utf8');
  assert.match(text(), /^kind: DestinationRule$/m);
  await atLine(driver, 'kind: ServiceEntry');
  const offer = page.locator('.action-widget .monaco-list-row', { hasText: 'Pass TLS through' }).first();
  await driver.pressUntil('Control+Shift+R', offer);
  await driver.shootAll('refactorings');
  await offer.click();
  await page.locator('.monaco-dialog-box').waitFor();
  await driver.shootAll('refactoring');
  await driver.confirmWrite('Apply', 'Pass TLS through', 'known requests', '->', 'service-entry.yaml');
  const isDone = () => !/mode: SIMPLE/.test(text()) && /protocol: TLS/.test(text());
  // The editor may save by itself before it shows the file as changed.
  await until(
    'the edit is there',
    async () => isDone() || (await page.locator('.tab.dirty', { hasText: 'service-entry' }).count()) > 0,
  );
  await driver.run('File: Save All', 'Save All');
  await until('TLS is passed through', isDone);
  ok('a refactoring shows what it changes for requests, and is applied');
}
