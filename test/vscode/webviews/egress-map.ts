// The Egress Map in the editor.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorDriver } from '../editor-driver.ts';
import { pageOf, shootView } from '../webview-driver.ts';

export async function egressMap(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  await driver.run('Istio Egress: Show Egress Map', 'Show Egress Map');
  let frame = await pageOf(page, 'egress-map');
  await frame.getByRole('rowheader', { name: 'httpbin.org' }).waitFor();
  ok('the Egress Map opens from the palette and shows the host of the story');
  await shootView(driver, frame, 'map');
  ok('axe-core finds no fault in it, light, dark and in high contrast, wide and narrow');

  writeFileSync(join(folder, 'other.yaml'), other);
  await frame.getByRole('rowheader', { name: 'api.example.com' }).waitFor();
  ok('a change of the files is shown at once');

  await page.reload();
  await page.locator('.monaco-workbench').waitFor();
  frame = await pageOf(page, 'egress-map');
  const host = frame.getByRole('button', { name: 'httpbin.org' });
  await host.waitFor();
  ok('it is restored after a reload of the window');

  await host.focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'service-entry.yaml' }).waitFor();
  ok('Enter on a host leads to its line');
}

const other = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
  namespace: common-infrastructure
spec:
  hosts:
  - api.example.com
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: DNS
`;
