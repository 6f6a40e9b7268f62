// The Gateway Log in the panel of the editor, on a log that was saved.
import { ok as isTrue, strictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { until, type EditorDriver } from '../editor-driver.ts';
import { isAccessible, pageOf, shootView } from '../webview-driver.ts';

export async function gatewayLog(driver: EditorDriver, folder: string, ok: (what: string) => void): Promise<void> {
  const { page } = driver;
  writeFileSync(join(folder, 'access.log'), `${sample.join('\n')}\n`);
  await driver.open('access.log');
  await driver.run('Istio Egress: Show Access Log', 'Show Access Log');
  let frame = await pageOf(page, 'gateway-log');
  await frame.getByRole('button', { name: 'denied 1' }).waitFor();
  await frame.getByText('Access log in access.log').waitFor();
  ok('the lines of a log are a table in the panel, with counters by outcome');

  await frame.getByRole('button', { name: 'failed 1' }).focus();
  for (const key of ['Tab', 'End', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  await frame.locator('.details h2', { hasText: 'POST /post' }).waitFor();
  await frame.getByRole('button', { name: 'Propose Policy' }).waitFor();
  await shootView(driver, frame, 'gateway-log');
  ok(
    'a line is chosen with the keyboard and explained; axe-core finds no fault, light, dark and in high contrast, wide and narrow',
  );

  await frame.getByRole('button', { name: 'Propose Policy' }).click();
  await page.locator('.view-line', { hasText: /A.rule.to.add.to.AuthorizationPolicy/ }).waitFor();
  ok('a policy is proposed for a denied line');

  await frame.getByRole('button', { name: 'Learn', exact: true }).click();
  await driver.answer(/account of the clients/, 'default/curl');
  await page.locator('.view-line', { hasText: /Access.log.in.access\.log/ }).waitFor();
  await page.locator('.view-line', { hasText: /Refused.or.failed,.and.not.proposed/ }).waitFor();
  ok('the lines of the panel are learned from');

  await frame.locator('tr.failed').click();
  await frame.getByRole('button', { name: 'Make ServiceEntry for unknown.example.com' }).click();
  await driver.answer(/namespace/i);
  await page.locator('.tab.active', { hasText: '.yaml' }).waitFor();
  await page.locator('.view-line', { hasText: 'unknown.example.com' }).first().waitFor();
  ok('a ServiceEntry is made for a host that has none');

  await frame.getByLabel('Host').fill('img');
  await frame.locator('td.host', { hasText: '<img src=x onerror=alert(1)>' }).waitFor();
  strictEqual(await frame.locator('img').count(), 0);
  await isAccessible(frame, 'hostile lines');
  await frame.getByLabel('Host').fill('');
  await frame.getByLabel('Status').fill('4');
  await frame.getByLabel('Policy').fill('httpbin');
  await frame.getByRole('button', { name: 'answered 0' }).waitFor();
  strictEqual(await frame.locator('tbody tr').count(), 1);
  for (const label of ['Status', 'Policy']) await frame.getByLabel(label).fill('');
  ok('lines are filtered by host, status and policy; names that try to be markup are text');

  writeFileSync(join(folder, 'many.log'), many(10_000));
  await driver.open('many.log');
  // A large file is shown before the extension host has it: then the command asks for a file.
  await until('the other log is shown', async () => {
    await driver.run('Istio Egress: Show Access Log', 'Show Access Log');
    frame = await pageOf(page, 'gateway-log');
    return appears(frame.getByText('Access log in many.log'));
  });
  await frame.getByRole('button', { name: 'answered 10000' }).waitFor({ timeout: 120_000 });
  const rows = await frame.locator('tbody tr').count();
  isTrue(rows < 100, `${rows} rows are drawn at once`);
  const perFrame = await scrollTime(frame);
  ok(`10,000 lines scroll in ${perFrame} ms a frame`);

  await driver.run('Istio Egress: Show Gateway Log (Text)', 'Show Gateway Log (Text)');
  await driver.reads('Access log:', /GET\s+httpbin\.org\s+\/get/);
  ok('the same log is there as text');
}

async function appears(place: Locator): Promise<boolean> {
  try {
    await place.waitFor({ timeout: 8000 });
    return true;
  } catch {
    return false;
  }
}

/** The time in which the page draws after a jump, in ms: the least of many equal jumps, as other programs use the machine too. */
async function scrollTime(frame: Frame): Promise<number> {
  const times = await frame.evaluate<readonly number[]>(`(async () => {
    const scroller = document.querySelector('.scroller');
    const times = [];
    for (let step = 1; step <= 30; step++) {
      const begin = performance.now();
      scroller.scrollTop = step * 7000;
      scroller.dispatchEvent(new Event('scroll'));
      scroller.offsetHeight;
      times.push(performance.now() - begin);
      await new Promise(requestAnimationFrame);
    }
    return times;
  })()`);
  return Math.round(Math.min(...times));
}

interface Line {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly flags?: string;
  readonly details?: string;
  readonly host: string;
  readonly cluster?: string;
  readonly second: number;
}

function line({ method, path, status, flags = '-', details = 'via_upstream', host, cluster, second }: Line): string {
  const time = new Date(Date.UTC(2026, 0, 2, 3, 0, second)).toISOString();
  const chosen = cluster ?? 'inbound-vip|80|http|httpbin.org';
  return `[${time}] "${method} ${path} HTTP/1.1" ${status} ${flags} ${details} - "-" 0 19 4 3 "-" "curl/8.5.0" "5f1b0c1e-0000-4000-8000-000000000000" "${host}" "-" ${chosen} - 240.240.0.1:80 10.244.0.7:41234 - default`;
}

const denied = 'rbac_access_denied_matched_policy[none]';
const sample = [
  line({ method: 'GET', path: '/get', status: 200, host: 'httpbin.org', second: 1 }),
  line({ method: 'GET', path: '/status/204', status: 204, host: 'httpbin.org', second: 2 }),
  line({ method: 'GET', path: '/', status: 404, host: '<img src=x onerror=alert(1)>', second: 3 }),
  line({ method: 'POST', path: '/post', status: 403, details: denied, host: 'httpbin.org', second: 4 }),
  line({
    method: 'GET',
    path: '/',
    status: 502,
    flags: 'NR',
    details: 'route_not_found',
    host: 'unknown.example.com',
    cluster: '-',
    second: 5,
  }),
  line({ method: 'GET', path: '/get?last', status: 200, host: 'httpbin.org', second: 6 }),
];

function many(count: number): string {
  return Array.from({ length: count }, (_, i) =>
    line({ method: 'GET', path: `/get?${i}`, status: 200, host: 'httpbin.org', second: i }),
  ).join('\n');
}
