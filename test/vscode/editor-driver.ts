// Drives VS Code in a browser as a user would: open files, type, answer dialogs, read texts.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

export class EditorDriver {
  readonly page: Page;
  readonly #shots: string;

  constructor(page: Page, shots: string) {
    this.page = page;
    this.#shots = shots;
  }

  async open(file: string): Promise<void> {
    // In the first column: answers stand in another.
    await this.page.keyboard.press('Control+1');
    await this.page.getByRole('treeitem', { name: file }).dblclick();
    await this.page.locator('.tab.active', { hasText: file }).first().waitFor();
  }

  /** A command by its title, from the palette, which knows the commands of an extension a moment later. */
  async run(title: string, typed = title): Promise<void> {
    const input = this.page.locator('.quick-input-widget input');
    const row = this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: title.replace(/^.*: /, '') })
      .first();
    for (let attempt = 1; ; attempt++) {
      await this.pressUntil('F1', input);
      try {
        // What takes the focus meanwhile closes the palette.
        await input.fill(`>${typed}`, { timeout: 5000 });
        await row.waitFor({ timeout: 10_000 });
        return await this.page.keyboard.press('Enter');
      } catch (error) {
        if (attempt === 6) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Waits for a question, whose text is a placeholder or stands below the input, and answers it. */
  async answer(question: RegExp, typed = ''): Promise<void> {
    await until(`the question ${question}`, async () => {
      const widget = this.page.locator('.quick-input-widget');
      const placeholder = await widget
        .locator('input')
        .first()
        .getAttribute('placeholder')
        .catch(() => '');
      const words = await widget.innerText().catch(() => '');
      return question.test(`${placeholder ?? ''}\n${words}`);
    });
    // The list behind a question is filled a moment later.
    await this.page.waitForTimeout(400);
    if (typed !== '') await this.page.locator('.quick-input-widget input').first().fill(typed);
    if (typed !== '') await this.page.waitForTimeout(200);
    await this.page.keyboard.press('Enter');
  }

  /** A menu can close again when the editor takes the focus back: the key is pressed until what it opens is there. */
  async pressUntil(key: string, opened: Locator): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      try {
        return await opened.waitFor({ timeout: 5000 });
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The dialog that confirms a write: checks its text and presses the button. */
  async confirmWrite(button: string, ...parts: readonly string[]): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const words = await dialog.innerText();
    for (const part of parts) if (!words.includes(part)) throw new Error(`${part} is not in the dialog: ${words}`);
    await dialog.getByRole('button', { name: button, exact: true }).click();
  }

  /** The first of them: what a program last printed stands for a moment in the progress that closes, beside the result. */
  toast(text: RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  /** Waits until the document of that name shows all of these, wherever it has scrolled; editors show spaces that do not break. */
  async reads(tab: string, ...parts: readonly (string | RegExp)[]): Promise<void> {
    await this.page.locator('.tab', { hasText: tab }).first().waitFor();
    for (const part of parts) {
      const source = typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : part.source;
      await this.page
        .locator('.view-line', { hasText: new RegExp(source.replaceAll(' ', '\\s')) })
        .first()
        .waitFor();
    }
  }

  /** Waits until a rendered document shows all of these. */
  async showsRendered(...parts: readonly RegExp[]): Promise<void> {
    await until(`${parts.join(', ')} in a preview`, async () => {
      for (const frame of this.page.frames()) {
        const words = await frame.evaluate<string>('document.body?.innerText ?? ""').catch(() => '');
        if (parts.every((part) => part.test(words))) return true;
      }
      return false;
    });
  }

  /** Room for documents beside each other: the explorer is not needed to read them. */
  async toggleSideBar(): Promise<void> {
    await this.page.keyboard.press('Control+B');
  }

  /** The whole width for the documents that are in use. */
  async toggleMaximized(): Promise<void> {
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+M');
  }

  /** What a user sees now, dark and light. */
  async shoot(name: string): Promise<void> {
    for (const scheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme: scheme });
      await this.page
        .locator(scheme === 'light' ? '.monaco-workbench.vs' : '.monaco-workbench.vs-dark')
        .first()
        .waitFor();
      await this.page.waitForTimeout(300);
      await this.page.screenshot({ path: join(this.#shots, `${name}-${scheme}.png`) });
    }
  }

  pathOfShot(name: string): string {
    return join(this.#shots, `${name}.png`);
  }

  /** As `shoot`, and in high contrast. */
  async shootAll(name: string): Promise<void> {
    await this.shoot(name);
    await this.page.emulateMedia({ forcedColors: 'active' });
    await this.page.locator('.monaco-workbench.hc-black, .monaco-workbench.hc-light').first().waitFor();
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: join(this.#shots, `${name}-contrast.png`) });
    await this.page.emulateMedia({ forcedColors: 'none' });
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}
