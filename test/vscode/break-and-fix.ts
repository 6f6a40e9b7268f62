// Breaks the example in the editor, checks the finding and fixes it: the part that needs only files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type EditorDriver } from './editor-driver.ts';

export async function breakAndFix(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  await driver.open('destination-rule.yaml');
  await page.locator('.view-line', { hasText: 'mode: SIMPLE' }).click();
  await page.keyboard.press('Control+End');
  for (let line = 0; line < 3; line++) await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');
  await page.locator('.view-line', { hasText: 'mode: SIMPLE' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+S');
  ok('the DestinationRule loses its TLS by a few keys');

  await driver.open('service-entry.yaml');
  await page.locator('.squiggly-warning').first().waitFor();
  ok('the ServiceEntry, which nobody edited, is underlined');

  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'plaintext-to-tls-port' });
  await driver.pressUntil('Control+Shift+M', problem);
  await driver.shoot('finding');
  ok('Problems names the rule');

  const line = page.locator('.view-line', { hasText: 'targetPort' });
  await line.click();
  const fix = page.locator('.action-widget .monaco-list-row', { hasText: /Originate TLS/ }).first();
  await driver.pressUntil('Control+.', fix);
  await driver.shoot('fix-menu');
  await fix.click();
  // It changes another file than the one in view, so the editor shows it first.
  const preview = page.locator('.bulk-edit-panel');
  await preview
    .locator('.monaco-list-row', { hasText: 'destination-rule.yaml' })
    .locator('.edit-checkbox')
    .first()
    .click();
  await preview.locator('.buttons .monaco-button', { hasText: 'Apply' }).click();
  await page.locator('.squiggly-warning').waitFor({ state: 'detached' });
  ok('the fix that originates TLS ends the finding');

  await driver.run('File: Save All', 'Save All');
  const rule = join(folder, 'destination-rule.yaml');
  await until('the fix is on disk', () => /mode: SIMPLE/.test(readFileSync(rule, 'utf8')));
  ok('and is saved to the file it belongs to');
  await page.keyboard.press('Control+J');
}
