// The views of a folder without manifests: why they are empty, and what can be done.
import { strictEqual } from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorDriver } from '../editor-driver.ts';
import { pageOf, shootView } from '../webview-driver.ts';

export async function emptyViews(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  await driver.run('Istio Egress: Show Egress Map', 'Show Egress Map');
  const map = await pageOf(page, 'egress-map');
  await map.getByText('Nothing to draw: no ServiceEntry here declares a host outside the mesh.').first().waitFor();
  strictEqual(await map.locator('.picture').isVisible(), false);
  await shootView(driver, map, 'map-empty');
  ok('the map of nothing says so, accessible in every theme and width');

  await map.getByRole('button', { name: 'New Egress Route' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget', { hasText: 'New Egress Route' }).waitFor();
  await page.keyboard.press('Escape');
  ok('with the keyboard it leads to a first route');

  await driver.run('Istio Egress: Show Access', 'Show Access');
  const access = await pageOf(page, 'access');
  await access.getByText('Nothing to show: no ServiceEntry').waitFor();
  strictEqual(await access.getByRole('searchbox', { name: 'Host' }).isVisible(), false);
  await shootView(driver, access, 'access-empty');
  ok('so does the access table, which has nothing to filter');

  await page.locator('.activitybar .action-label[aria-label*="Istio Egress"]').first().click();
  await page.getByRole('button', { name: 'New Egress Route' }).first().waitFor();
  await driver.shoot('tree-empty');
  writeFileSync(join(folder, 'entry.yaml'), entry);
  await access.getByRole('rowheader', { name: 'api.example.com:443' }).waitFor();
  await page.locator('.monaco-list-row', { hasText: 'api.example.com' }).first().waitFor();
  ok('with a first ServiceEntry they fill');
}

const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
  namespace: egress
spec:
  hosts: [api.example.com]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;
