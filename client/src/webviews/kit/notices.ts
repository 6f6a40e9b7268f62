// What a page says above its content: that the language server does not run, or that the page could not be filled.
import { commands, type Disposable } from 'vscode';
import type { EgressContext } from '../../extension-context.ts';
import { runInBackground } from '../../run-in-background.ts';
import { noticeMessage, readKitCommand, runMessage, typeOf, type Notice } from './protocol.ts';

type Send = (message: { readonly type: string; readonly body: Notice | null }) => void;

const stopped: Notice = {
  text: 'The language server does not run. What is shown here may be out of date.',
  isStopped: true,
};
const failed: Notice = {
  text: 'Internal error: this view could not be filled. The output says why.',
  isStopped: false,
};

export class Notices implements Disposable {
  readonly #egress: EgressContext;
  readonly #send: Send;
  readonly #listening: Disposable;
  #hasFailed = false;

  constructor(egress: EgressContext, send: Send) {
    this.#egress = egress;
    this.#send = send;
    this.#listening = egress.server.onDidChangeState(() => this.tell());
  }

  tell(): void {
    const body = this.#hasFailed ? failed : null;
    this.#send({ type: noticeMessage, body: this.#egress.server.state === 'stopped' ? stopped : body });
  }

  /** Work that fills the page. */
  follow(what: string, work: Promise<unknown>): void {
    runInBackground(this.#egress.output, what, this.#followed(work));
  }

  async #followed(work: Promise<unknown>): Promise<void> {
    try {
      await work;
      if (this.#hasFailed) this.#become(false);
    } catch (error) {
      this.#become(true);
      throw error;
    }
  }

  #become(hasFailed: boolean): void {
    this.#hasFailed = hasFailed;
    this.tell();
  }

  /** Whether the message asked for a command, which then runs. */
  take(message: unknown): boolean {
    if (typeOf(message) !== runMessage) return false;
    const { body } = readKitCommand(message, runMessage);
    runInBackground(this.#egress.output, body, commands.executeCommand(`istioEgress.${body}`));
    return true;
  }

  dispose(): void {
    this.#listening.dispose();
  }
}
