// Catches internal errors: logs them, notifies the user once, and keeps the server running. Tells what takes long or much memory.
import { errorText } from '../base/error-text.ts';
import { longRun, type LongRun, type Used } from '../base/long-run.ts';
import type { Log } from './visible-log.ts';

export interface Guard {
  /** Logs an internal error with the name `what`, and notifies the user of the first one. */
  readonly report: (what: string, error: unknown) => void;
  /** Tells the user what an answer lacks, each text once. */
  readonly tell: (text: string) => void;
  /** Logs the same, each text once: for answers that an editor asks for by itself, where a message would be in the way. */
  readonly note: (text: string) => void;
  /** Runs `work` and reports a throw. */
  readonly run: (what: string, work: () => void) => void;
  /** Owns work that no one waits for: its failure is reported. */
  readonly background: (what: string, work: Promise<unknown>) => void;
  /** A rule's throw: logged once a rule and message, so that an edit does not flood the log. */
  readonly ruleFailed: (rule: string, subject: string, error: unknown) => void;
  /** Watches work that begins now: its steps are named as in `checking URI`, and each name is logged once. */
  readonly watch: () => LongRun;
}

export interface GuardParts {
  readonly log: Pick<Log, 'error' | 'warn'>;
  /** Shows the user a message. */
  readonly notify: (message: string) => void;
  /** Undefined where that cannot be known. */
  readonly used?: (() => Used) | undefined;
}

export function createGuard({ log, notify, used }: GuardParts): Guard {
  let notified = false;
  const logged = new Set<string>();
  const report = (what: string, error: unknown) => {
    const text = `${what}: ${errorText(error)}`;
    if (logged.has(text)) return;
    logged.add(text);
    log.error(text);
    if (notified) return;
    notified = true;
    notify(`Istio Egress: internal error (${what}). Everything else still works; the output has the details.`);
  };
  const watch = watcher(log, used);
  const told = new Set<string>();
  return {
    report,
    tell(text) {
      if (told.has(text)) return;
      told.add(text);
      notify(text);
    },
    note(text) {
      if (logged.has(text)) return;
      logged.add(text);
      log.warn(text);
    },
    watch,
    run(what, work) {
      const watched = watch();
      watched.step(what);
      try {
        work();
      } catch (error) {
        report(what, error);
      }
      watched.end();
    },
    background(what, work) {
      work.catch((error: unknown) => report(what, error));
    },
    ruleFailed: (rule, subject, error) => report(`rule ${rule} on ${subject}`, error),
  };
}

/** In a browser nothing is watched. */
const unwatched: LongRun = { step: () => undefined, end: () => undefined };

function watcher(log: Pick<Log, 'warn'>, used: (() => Used) | undefined): () => LongRun {
  if (!used) return () => unwatched;
  const told = new Set<string>();
  return () =>
    longRun({
      used,
      from: used(),
      tell({ seconds, gigabytes }, doing, isOver, isMuchMemory) {
        // The first GiB is passed once, whatever the work, also where that was told to take long.
        if (told.has(doing) && !isMuchMemory) return;
        told.add(doing);
        log.warn(
          `${doing} ${isOver ? 'took' : 'goes on after'} ${seconds.toFixed(0)} s of processor time, and the language server holds ${gigabytes.toFixed(1)} GiB of memory. Files that need not be checked can be listed under "ignore" in .istio-egress.yaml.`,
        );
      },
    });
}
