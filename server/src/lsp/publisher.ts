// Sends diagnostics: with the buffer's version for open files, and only what changed for closed ones.
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';
import { hashText } from '../base/hash.ts';

/** More than this in one file helps no one and slows the editor down. */
export const mostPerFile = 1000;

/** Takes the diagnostics of a file as they are now. */
export interface DiagnosticsSink {
  readonly publish: (uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]) => void;
  readonly clear: (uri: string) => void;
}

export class Publisher implements DiagnosticsSink {
  readonly #send: (params: PublishDiagnosticsParams) => void;
  /** Of what was sent last a hash, where a text would be longer than the file; nothing for an empty list. */
  readonly #last = new Map<string, number>();

  constructor(send: (params: PublishDiagnosticsParams) => void) {
    this.#send = send;
  }

  publish(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    const shown = diagnostics.slice(0, mostPerFile);
    const hash = shown.length === 0 ? undefined : hashText(JSON.stringify(shown));
    if (version === undefined && this.#last.get(uri) === hash) return;
    if (hash === undefined) this.#last.delete(uri);
    else this.#last.set(uri, hash);
    this.#send({ uri, ...(version === undefined ? {} : { version }), diagnostics: shown });
  }

  clear(uri: string): void {
    if (this.#last.delete(uri)) this.#send({ uri, diagnostics: [] });
  }
}
