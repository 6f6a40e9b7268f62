// Sends diagnostics: with the buffer's version for open files, and only what changed for closed ones.
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver';

/** More than this in one file helps no one and slows the editor down. */
export const mostPerFile = 1000;

/** Takes the diagnostics of a file as they are now. */
export interface DiagnosticsSink {
  readonly publish: (uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]) => void;
  readonly clear: (uri: string) => void;
}

export class Publisher implements DiagnosticsSink {
  readonly #send: (params: PublishDiagnosticsParams) => void;
  readonly #last = new Map<string, string>();

  constructor(send: (params: PublishDiagnosticsParams) => void) {
    this.#send = send;
  }

  publish(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    const shown = diagnostics.slice(0, mostPerFile);
    const text = JSON.stringify(shown);
    if (version === undefined && (this.#last.get(uri) ?? '[]') === text) return;
    if (text === '[]') this.#last.delete(uri);
    else this.#last.set(uri, text);
    this.#send({ uri, ...(version === undefined ? {} : { version }), diagnostics: shown });
  }

  clear(uri: string): void {
    if (this.#last.delete(uri)) this.#send({ uri, diagnostics: [] });
  }
}
