// What a person does in the editor, step by step.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Cluster } from '../kit/peers.ts';

export interface PersonOptions {
  readonly namespace: string;
  /** Folder of the screenshots. */
  readonly shots: string;
  /** A step that held. */
  readonly ok: (what: string) => void;
}

export class Person {
  readonly #page: Page;
  readonly #options: PersonOptions;

  constructor(page: Page, options: PersonOptions) {
    this.#page = page;
    this.#options = options;
  }

  async breaksAndFixes(folder: string): Promise<void> {
    const page = this.#page;
    await this.#open('destination-rule.yaml');
    await page.locator('.view-line', { hasText: 'mode: SIMPLE' }).click();
    await page.keyboard.press('Control+End');
    for (let line = 0; line < 3; line++) await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Delete');
    await page.locator('.view-line', { hasText: 'mode: SIMPLE' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+S');
    this.#options.ok('the DestinationRule loses its TLS by a few keys');

    await this.#open('service-entry.yaml');
    await page.locator('.squiggly-warning').first().waitFor();
    this.#options.ok('the ServiceEntry, which nobody edited, is underlined');

    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'plaintext-to-tls-port' });
    await this.#pressUntil('Control+Shift+M', problem);
    await this.#shoot('finding');
    this.#options.ok('Problems names the rule');

    const line = page.locator('.view-line', { hasText: 'targetPort' });
    await line.click();
    const fix = page.locator('.action-widget .monaco-list-row', { hasText: /Originate TLS/ }).first();
    await this.#pressUntil('Control+.', fix);
    await this.#shoot('fix-menu');
    await fix.click();
    await page.locator('.squiggly-warning').waitFor({ state: 'detached' });
    this.#options.ok('the fix that originates TLS ends the finding');

    await this.#run('File: Save All', 'Save All');
    const rule = join(folder, 'destination-rule.yaml');
    await until('the fix is on disk', () => /mode: SIMPLE/.test(readFileSync(rule, 'utf8')));
    this.#options.ok('and is saved to the file it belongs to');
  }

  async provisions(cluster: Cluster): Promise<void> {
    const page = this.#page;
    const { namespace } = this.#options;
    await this.#run('Istio Egress: Provision Egress Gateway', 'Provision Egress Gateway');
    const answers = [/Kubernetes context/, /Namespace of the gateway/, /Name of the gateway/, /go through/, /Which traffic/];
    for (const question of answers) {
      await this.#question(question);
      if (question.source.startsWith('Namespace')) await page.keyboard.type(namespace);
      await page.keyboard.press('Enter');
    }
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const words = await dialog.innerText();
    for (const part of ['Context: local', `Namespace: ${namespace}`, 'waypoint', 'egress-gateway']) assert.ok(words.includes(part), `${part} is not in the dialog: ${words}`);
    await this.#shoot('provisioning');
    this.#options.ok('the last question shows context, namespace and command');

    await dialog.getByRole('button', { name: 'Provision', exact: true }).click();
    await page.locator('.notification-toast', { hasText: /rogrammed/ }).filter({ hasNotText: 'waiting' }).waitFor({ timeout: 90_000 });
    await this.#shoot('provisioned');
    this.#options.ok('istioctl ran, and the gateway is programmed');

    const gateway = JSON.parse(await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', namespace, 'egress-gateway', '-o', 'json'])) as { spec: { gatewayClassName: string }; status: { conditions: { type: string; status: string }[] } };
    assert.equal(gateway.spec.gatewayClassName, 'istio-waypoint');
    assert.equal(gateway.status.conditions.find(({ type }) => type === 'Programmed')?.status, 'True');
    const label = await cluster.kubectl(['get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels.istio\\.io/use-waypoint}']);
    assert.equal(label, 'egress-gateway');
    this.#options.ok('kubectl finds the Gateway, Programmed, and the label on the namespace');
  }

  async #open(file: string): Promise<void> {
    await this.#page.getByRole('treeitem', { name: file }).dblclick();
    await this.#page.locator('.tab.active', { hasText: file }).waitFor();
  }

  /** A command by its title, from the palette. */
  async #run(title: string, typed: string): Promise<void> {
    const input = this.#page.locator('.quick-input-widget input');
    await this.#pressUntil('F1', input);
    await input.fill(`>${typed}`);
    await this.#page.locator('.quick-input-list .monaco-list-row', { hasText: title.replace(/^.*: /, '') }).first().waitFor();
    await this.#page.keyboard.press('Enter');
  }

  /** Waits for a question of the provisioning: its text is a placeholder, or a prompt below the input. */
  async #question(text: RegExp): Promise<void> {
    await until(`the question ${text}`, async () => {
      const widget = this.#page.locator('.quick-input-widget');
      const placeholder = await widget.locator('input').first().getAttribute('placeholder').catch(() => '');
      const words = await widget.innerText().catch(() => '');
      return text.test(`${placeholder ?? ''}\n${words}`);
    });
    // The list behind a question is filled a moment later.
    await this.#page.waitForTimeout(400);
  }

  /** A menu can close again when the editor takes the focus back: the key is pressed until what it opens is there. */
  async #pressUntil(key: string, opened: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#page.keyboard.press(key);
      try {
        return await opened.waitFor({ timeout: 5000 });
      } catch (error) {
        if (attempt === 5) throw error;
        await this.#page.keyboard.press('Escape');
      }
    }
  }

  /** What a person sees now, dark and light. */
  async #shoot(name: string): Promise<void> {
    for (const scheme of ['light', 'dark'] as const) {
      await this.#page.emulateMedia({ colorScheme: scheme });
      await this.#page.locator(scheme === 'light' ? '.monaco-workbench.vs' : '.monaco-workbench.vs-dark').first().waitFor();
      await this.#page.waitForTimeout(300);
      await this.#page.screenshot({ path: join(this.#options.shots, `${name}-${scheme}.png`) });
    }
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}
