// The Access view in the editor.
import { deepEqual, ok as isTrue, strictEqual } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { until, type EditorDriver } from '../editor-driver.ts';
import { isAccessible, pageOf, shootView } from '../webview-driver.ts';

export async function accessView(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  await driver.run('Istio Egress: Show Access', 'Show Access');
  const frame = await pageOf(page, 'access');
  await frame.getByRole('rowheader', { name: 'httpbin.org:80' }).waitFor();
  const client = frame.getByRole('searchbox', { name: 'Client' });
  const access = frame.getByRole('combobox', { name: 'Access' });
  const some = frame.getByRole('gridcell', { name: 'some requests: GET (via waypoint)' });
  await some.waitFor();
  strictEqual(await frame.getByRole('gridcell', { name: /^no request/ }).count(), 3);
  ok('the matrix has the host of the story and what each client may do there');

  await client.focus();
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'ArrowRight']) await page.keyboard.press(key);
  await frame.locator('.reasons', { hasText: 'default/curl to httpbin.org:80' }).waitFor();
  await shootView(driver, frame, 'access');
  ok('a cell is chosen with the keyboard; axe-core finds no fault, light, dark and in high contrast, wide and narrow');

  await some.focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'authorization-policy.yaml' }).waitFor();
  ok('Enter on a cell leads to the line that decides');
  await driver.toggleSideBar();

  await client.fill('curl');
  await frame.getByText('1 of 1 hosts and ports, 1 of 4 clients').waitFor();
  await access.selectOption('none');
  await frame.getByText('0 of 1 hosts and ports, 1 of 4 clients').waitFor();
  await access.selectOption('');
  await client.fill('');
  ok('hosts and clients are filtered');

  await page.locator('.activitybar .action-label[aria-label*="Istio Egress"]').first().click();
  const host = page.locator('.monaco-list-row', { hasText: 'httpbin.org' }).first();
  await host.hover();
  await host.getByRole('button', { name: 'Show Access' }).click();
  await until(
    'the host of the view is filtered',
    async () => (await frame.getByRole('searchbox', { name: 'Host' }).inputValue()) === 'httpbin.org',
  );
  await frame.getByRole('searchbox', { name: 'Host' }).fill('');
  ok('Show Access on a host of the view shows that host');

  writeFileSync(join(folder, 'hostile.yaml'), hostile);
  await frame.getByText('[x](command:a)').first().waitFor();
  deepEqual([await frame.locator('img').count(), await frame.locator('a').count()], [0, 0]);
  await isAccessible(frame, 'hostile names');
  rmSync(join(folder, 'hostile.yaml'));
  ok('names that try to be markup are text');

  writeFileSync(join(folder, 'many.yaml'), manyHosts(5000));
  await frame.getByText(/of 5001 hosts and ports/).waitFor({ timeout: 120_000 });
  const rows = await frame.locator('tbody tr').count();
  isTrue(rows < 100, `${rows} rows are drawn at once`);
  // Told, not held: what a machine's load and a collector's mood make of them says nothing of the view. The rows are held.
  const perFrame = await scrollTime(frame);
  const heap = await frame.evaluate<number>('Math.round(performance.memory.usedJSHeapSize / 1e6)');
  await frame.getByRole('gridcell').first().focus();
  await page.keyboard.press('PageDown');
  await until('the focus moves over drawn rows', () =>
    frame.evaluate<boolean>('Number(document.activeElement?.dataset.row) > 5'),
  );
  rmSync(join(folder, 'many.yaml'));
  ok(`5,000 hosts scroll in ${perFrame} ms a frame, with ${heap} MB for the page`);
}

/** The time in which the page draws after a jump, in ms: the least of many equal jumps, as other programs use the machine too. */
async function scrollTime(frame: Frame): Promise<number> {
  const times = await frame.evaluate<readonly number[]>(`(async () => {
    const scroller = document.querySelector('.scroller');
    const times = [];
    for (let step = 1; step <= 30; step++) {
      const begin = performance.now();
      scroller.scrollTop = step * 4000;
      scroller.dispatchEvent(new Event('scroll'));
      scroller.offsetHeight;
      times.push(performance.now() - begin);
      await new Promise(requestAnimationFrame);
    }
    return times;
  })()`);
  return Math.round(Math.min(...times));
}

function manyHosts(count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: h${i}, namespace: common-infrastructure }
spec: { hosts: [h${i}.example.com], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`,
  ).join('---\n');
}

const hostile = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: hostile
  namespace: common-infrastructure
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: httpbin
  rules:
  - from:
    - source:
        principals: ['cluster.local/ns/<img src=x onerror=alert(1) a=/sa/[x](command:a)', 'cluster.local/ns/&lt;img src=x&gt;/sa/"onclick="a']
`;
