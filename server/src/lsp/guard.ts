// Catches internal errors: logs them, notifies the user once, and keeps the server running.
import type { RemoteConsole } from 'vscode-languageserver';

export interface Guard {
  /** Logs an internal error with the name `what`, and notifies the user of the first one. */
  readonly report: (what: string, error: unknown) => void;
  /** Runs `work` and reports a throw. */
  readonly run: (what: string, work: () => void) => void;
  /** Owns work that no one waits for: its failure is reported. */
  readonly background: (what: string, work: Promise<unknown>) => void;
  /** A rule's throw: logged once a rule and message, so that an edit does not flood the log. */
  readonly ruleFailed: (rule: string, subject: string, error: unknown) => void;
}

/** `notify` shows the user a message. */
export function createGuard(console: Pick<RemoteConsole, 'error'>, notify: (message: string) => void): Guard {
  let notified = false;
  const logged = new Set<string>();
  const report = (what: string, error: unknown) => {
    const text = `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (logged.has(text)) return;
    logged.add(text);
    console.error(text);
    if (notified) return;
    notified = true;
    notify(`Istio Egress: internal error (${what}). Everything else still works; the output has the details.`);
  };
  return {
    report,
    run(what, work) {
      try {
        work();
      } catch (error) {
        report(what, error);
      }
    },
    background(what, work) {
      work.catch((error: unknown) => report(what, error));
    },
    ruleFailed: (rule, subject, error) => report(`rule ${rule} on ${subject}`, error),
  };
}
