// Drives the webviews of the extension in a real editor: finds their pages, looks for faults of accessibility, takes pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { until, type EditorDriver } from './editor-driver.ts';

/** The page of a view, once its script has drawn it. That of a tab that was hidden may still be there for a moment beside the new one. */
export async function pageOf(page: Page, name: string): Promise<Frame> {
  let found: Frame | undefined;
  await until(`the page of ${name}`, async () => {
    const before = found;
    const all: Frame[] = [];
    for (const frame of page.frames()) if (await isPageOf(frame, name)) all.push(frame);
    found = all.length === 1 ? all[0] : undefined;
    if (found !== undefined && found === before) return true;
    await page.waitForTimeout(400);
    return false;
  });
  return found!;
}

/** A frame that goes away while it is asked is not the page. */
async function isPageOf(frame: Frame, name: string): Promise<boolean> {
  try {
    return await frame.evaluate<boolean>(
      `document.body?.dataset.view === ${JSON.stringify(name)} && document.getElementById('view').childElementCount > 0`,
    );
  } catch {
    return false;
  }
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8');

/** No faults that axe-core finds, by the rules of WCAG 2.2 AA and its best practices. */
export async function isAccessible(frame: Frame, what: string): Promise<void> {
  // Through the browser's debugger: the page's own policy lets no other script in.
  await frame.evaluate(axe);
  const violations = await frame.evaluate<readonly Violation[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  const lines = violations.flatMap(({ id, help, nodes }) => [
    `${id}: ${help}`,
    ...nodes.slice(0, 3).map(({ html, failureSummary }) => `    ${html.slice(0, 200)}\n    ${failureSummary}`),
  ]);
  assert.deepEqual(lines, [], `${what}: ${lines.join('\n')}`);
}

/** Light, dark, and high contrast; each wide, and narrow as beside an editor. Every state must be accessible in each of them. */
export async function shootView(driver: EditorDriver, frame: Frame, name: string): Promise<void> {
  const { page } = driver;
  const size = page.viewportSize()!;
  for (const [scheme, contrast] of [
    ['light', false],
    ['dark', false],
    ['dark', true],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme, forcedColors: contrast ? 'active' : 'none' });
    const theme = contrast ? 'hc-black' : { light: 'vs', dark: 'vs-dark' }[scheme];
    await page.locator(`.monaco-workbench.${theme}`).first().waitFor();
    for (const [width, how] of [
      [size.width, 'wide'],
      [700, 'narrow'],
    ] as const) {
      await page.setViewportSize({ width, height: size.height });
      await page.waitForTimeout(300);
      const label = `${name}-${how}-${contrast ? 'contrast' : scheme}`;
      await page.screenshot({ path: driver.pathOfShot(label) });
      await isAccessible(frame, label);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  await page.setViewportSize(size);
}
