// Diagnostics for clients that ask for them: the last of each file, under an id that says whether the client has them already.
import type { Diagnostic, DocumentDiagnosticReport, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver';
import { mostPerFile, type DiagnosticsSink } from './publisher.ts';

interface Report {
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  readonly resultId: string;
}

export class PullReports implements DiagnosticsSink {
  readonly #reports = new Map<string, Report>();
  readonly #changed: () => void;
  #next = 1;

  /** `changed`: what was given before is no longer all. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  publish(uri: string, version: number | undefined, diagnostics: readonly Diagnostic[]): void {
    const shown = diagnostics.slice(0, mostPerFile);
    const text = JSON.stringify(shown);
    const last = this.#reports.get(uri);
    if ((last?.text ?? '[]') === text) {
      if (last) this.#reports.set(uri, { ...last, version });
      return;
    }
    this.#reports.set(uri, { version, diagnostics: shown, text, resultId: String(this.#next++) });
    this.#changed();
  }

  /** An empty report stays, so that clients forget what they show. */
  clear(uri: string): void {
    if (this.#reports.has(uri)) this.publish(uri, undefined, []);
  }

  ofDocument(uri: string, previous: string | undefined): DocumentDiagnosticReport {
    const report = this.#reports.get(uri);
    const resultId = report?.resultId ?? '0';
    if (previous === resultId) return { kind: 'unchanged', resultId };
    return { kind: 'full', resultId, items: [...(report?.diagnostics ?? [])] };
  }

  /** Of every file that has or had any; `previous` is by URI. */
  ofWorkspace(previous: ReadonlyMap<string, string>): WorkspaceDocumentDiagnosticReport[] {
    return [...this.#reports].map(([uri, { version = null, resultId, diagnostics }]) =>
      previous.get(uri) === resultId
        ? { kind: 'unchanged', uri, version, resultId }
        : { kind: 'full', uri, version, resultId, items: [...diagnostics] },
    );
  }
}
