// The Trace view in the editor.
import { strictEqual } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { EditorDriver } from '../editor-driver.ts';
import { isAccessible, pageOf, shootView } from '../webview-driver.ts';

export async function traceView(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  await driver.open('service-entry.yaml');
  await driver.run('Istio Egress: Trace Request', 'Trace Request');
  await choose(page, /URL that the client calls/, 'httpbin.org/get', 'http://httpbin.org/get');
  await choose(page, /Client: choose one/, '', 'default/curl');
  await choose(page, /Method/, 'POST', 'POST');
  let frame = await pageOf(page, 'trace');
  await verdict(frame, 'Denied');
  await page.locator('.tab.active', { hasText: 'Trace: POST httpbin.org/get from default/curl' }).waitFor();
  await frame.locator('.hop.stops', { hasText: 'Waypoint' }).waitFor();
  await frame.getByText('Why not?').waitFor();
  ok('Trace Request takes a URL without a scheme, and shows where and why the request is denied');
  await shootView(driver, frame, 'trace-denied');
  await driver.toggleSideBar();
  await driver.toggleMaximized();
  await driver.shoot('trace-wide');
  await driver.toggleMaximized();
  await driver.toggleSideBar();
  ok('axe-core finds no fault in it, light, dark and in high contrast, wide and narrow');

  await frame.getByLabel('Method').selectOption('GET');
  await verdict(frame, 'Allowed');
  await frame.locator('.hop.passes', { hasText: 'TLS SIMPLE' }).waitFor();
  ok('another method is traced in place');
  await isAccessible(frame, 'allowed');

  await frame.getByLabel('Host').focus();
  for (const key of ['Tab', 'Tab']) await page.keyboard.press(key);
  // Not Ctrl+A, which goes through the workbench and arrives a moment later.
  for (const key of ['Home', 'Shift+End']) await page.keyboard.press(key);
  await page.keyboard.type('/status/200');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('8080');
  await verdict(frame, 'Fails');
  await page.locator('.tab.active', { hasText: 'Trace: GET httpbin.org:8080/status/200 from default/curl' }).waitFor();
  await frame.getByLabel('Port').fill('');
  await verdict(frame, 'Allowed');
  ok('port and path are changed with the keyboard only');

  const client = frame.getByLabel('Client');
  await client.fill('<img src=x onerror=alert(1)>');
  await frame.locator('.hop', { hasText: '<img src=x onerror=alert(1)>' }).waitFor();
  strictEqual(await frame.locator('img').count(), 0);
  await client.fill('[x](command:a)');
  await frame.getByText('[x](command:a)').first().waitFor();
  strictEqual(await frame.locator('a').count(), 0);
  await client.fill('a/b/c');
  await frame.getByRole('alert').filter({ hasText: 'write NAMESPACE or NAMESPACE/SERVICEACCOUNT' }).waitFor();
  await client.fill('default/batch');
  await verdict(frame, 'Denied');
  ok('names that try to be markup are text');

  writeFileSync(join(folder, 'batch.yaml'), batchMayRead);
  await verdict(frame, 'Allowed');
  ok('an edit of the files traces again');

  writeFileSync(join(folder, 'custom.yaml'), custom);
  await verdict(frame, 'Undetermined');
  await frame.getByRole('heading', { name: 'Possible outcome 2 of 2' }).waitFor();
  await shootView(driver, frame, 'trace-undetermined');
  rmSync(join(folder, 'custom.yaml'));
  await verdict(frame, 'Allowed');
  ok('possible outcomes stand side by side, accessible in every theme and width');

  // Not by the browser, which leaves no time to save what changed last.
  await driver.run('Developer: Reload Window', 'Developer: Reload Window');
  await page.waitForEvent('load');
  await page.locator('.monaco-workbench').waitFor();
  frame = await pageOf(page, 'trace');
  await verdict(frame, 'Allowed');
  strictEqual(await frame.getByLabel('Client').inputValue(), 'default/batch');
  ok('the changed request is there after a reload of the window');

  await frame.locator('.hop', { hasText: 'Waypoint' }).getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'destination-rule.yaml' }).waitFor();
  ok('Enter on a hop leads to the line that decides there');
}

/** Types into the question and takes the item. */
async function choose(page: Page, question: RegExp, typed: string, item: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const input = widget.getByPlaceholder(question);
  await input.waitFor();
  await input.fill(typed);
  await widget.locator('.monaco-list-row.focused', { hasText: item }).waitFor();
  await page.keyboard.press('Enter');
}

async function verdict(frame: Frame, text: string): Promise<void> {
  await frame.locator('.verdict strong', { hasText: text }).first().waitFor();
}

/** Whether an external authorizer allows it, no file says. */
const custom = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: external
  namespace: common-infrastructure
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: httpbin
  action: CUSTOM
  provider:
    name: authorizer
  rules:
  - to:
    - operation:
        methods: [GET]
`;

const batchMayRead = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: batch
  namespace: common-infrastructure
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: httpbin
  rules:
  - from:
    - source:
        serviceAccounts: [default/batch]
    to:
    - operation:
        methods: [GET]
`;
