// The webviews on a real cluster: the log that is followed as a table, and the map of the cluster and of what differs from the files.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type EditorDriver } from './editor-driver.ts';
import { isAccessible, pageOf, shootView } from './webview-driver.ts';

/** In the panel beside the text, which shows it too. */
export async function tableOfTheLog(driver: EditorDriver, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  const frame = await pageOf(page, 'gateway-log');
  await frame.getByRole('button', { name: 'answered 1' }).focus();
  const row = frame.locator('tbody tr', { hasText: '/get' });
  await row.waitFor();
  for (let presses = 0; presses < 8 && !(await frame.locator('.details h2').isVisible()); presses++) {
    await page.keyboard.press('Tab');
    await page.keyboard.press('End');
  }
  await frame.locator('.details h2', { hasText: 'GET /get' }).waitFor();
  await isAccessible(frame, 'the followed log');
  ok("the followed log is a table in the panel: Envoy's line is reached with the keyboard and explained");
}

/** After the cluster was given everything of the files. */
export async function mapOfTheCluster(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  await driver.run('Istio Egress: Read Cluster', 'Read Cluster');
  await driver.run('Istio Egress: Show Egress Map', 'Show Egress Map');
  const frame = await pageOf(page, 'egress-map');
  const shown = frame.locator('label', { hasText: /^Show/ }).locator('select');
  await until('the map has the cluster', async () => (await shown.locator('option').count()) === 3);

  // By keyboard: workspace, cluster, difference
  await shown.focus();
  await page.keyboard.press('ArrowDown');
  await frame.getByRole('button', { name: 'httpbin.org' }).waitFor();
  await shootView(driver, frame, 'map-cluster');
  ok('the map shows the cluster; axe-core finds no fault');

  await page.keyboard.press('ArrowDown');
  await frame.getByText('Files and cluster do not differ in what leaves the mesh.').first().waitFor();
  writeFileSync(join(folder, 'planned.yaml'), planned);
  await frame.getByRole('button', { name: 'planned.example.com' }).waitFor();
  await shootView(driver, frame, 'map-difference');
  await frame.getByRole('button', { name: 'Table' }).click();
  await frame.getByRole('cell', { name: 'only in the files' }).first().waitFor();
  await isAccessible(frame, 'the table of the difference');
  await frame.getByRole('button', { name: 'Table' }).click();
  rmSync(join(folder, 'planned.yaml'));
  await frame.getByText('Files and cluster do not differ in what leaves the mesh.').first().waitFor();
  await page.keyboard.press('Control+W');
  await driver.run('Istio Egress: Forget Cluster', 'Forget Cluster');
  ok('the difference of files and cluster is nothing, and then the host that only a file has');
}

const planned = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: planned
  namespace: common-infrastructure
spec:
  hosts:
  - planned.example.com
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: DNS
`;
