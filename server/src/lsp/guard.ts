// The border between requests and our own bugs: a handler that throws is logged and answers empty; the server lives on.
import type { RemoteConsole } from 'vscode-languageserver';

export interface Guard {
  /** Runs `work`; a throw is logged under `what`, told to the person once, and answered by `otherwise`. */
  readonly run: <T>(what: string, otherwise: T, work: () => T) => T;
  /** A rule's throw: logged once a rule and message, so that an edit does not flood the log. */
  readonly ruleFailed: (rule: string, subject: string, error: unknown) => void;
}

export function createGuard(console: Pick<RemoteConsole, 'error'>, tell: (message: string) => void): Guard {
  let told = false;
  const logged = new Set<string>();
  const report = (what: string, error: unknown) => {
    const text = `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (logged.has(text)) return;
    logged.add(text);
    console.error(text);
    if (told) return;
    told = true;
    tell(`Istio Egress met a fault of its own (${what}). Everything else goes on; the output channel has the details.`);
  };
  return {
    run(what, otherwise, work) {
      try {
        return work();
      } catch (error) {
        report(what, error);
        return otherwise;
      }
    },
    ruleFailed: (rule, subject, error) => report(`rule ${rule} on ${subject}`, error),
  };
}
