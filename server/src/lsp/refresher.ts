// Asks the client to refresh lenses and hints: an editor does so by itself only for the file that is edited.
import {
  CodeLensRefreshRequest,
  DiagnosticRefreshRequest,
  InlayHintRefreshRequest,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import type { NotificationMethod } from './protocol.ts';
import { visibleLog } from './visible-log.ts';

/** Long enough for one refresh per burst of typing. */
const quietMs = 200;

/** What one event changes in many files asks once. */
const burstMs = 50;

const changed: NotificationMethod = 'istioEgress/changed';

export interface Refresher {
  readonly soon: () => void;
  /** An editor refreshes the edited file itself, so a change of that file alone needs no request. */
  readonly soonAfterTyping: (openDocuments: number) => void;
  /** Diagnostics that the client asked for may be others now. */
  readonly diagnosticsSoon: () => void;
  readonly stop: () => void;
}

/** `tells`: the client wants a notification when results of custom requests may have changed. */
export function createRefresher(connection: Connection, { workspace }: ClientCapabilities, tells: boolean): Refresher {
  const requests = [
    ...(workspace?.codeLens?.refreshSupport ? [CodeLensRefreshRequest.type] : []),
    ...(workspace?.inlayHint?.refreshSupport ? [InlayHintRefreshRequest.type] : []),
  ];
  const log = visibleLog(connection.console);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    const report = (error: unknown) => log.warn(`refresh: ${String(error)}`);
    if (tells) connection.sendNotification(changed).catch(report);
    for (const type of requests) connection.sendRequest(type).catch(report);
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const sendDiagnostics = () => {
    waiting = undefined;
    connection
      .sendRequest(DiagnosticRefreshRequest.type)
      .catch((error: unknown) => log.warn(`refresh: ${String(error)}`));
  };
  const soon = () => {
    if (requests.length === 0 && !tells) return;
    clearTimeout(timer);
    timer = setTimeout(send, quietMs);
  };
  return {
    soon,
    soonAfterTyping(openDocuments) {
      if (openDocuments > 1 || tells) soon();
    },
    diagnosticsSoon() {
      waiting ??= setTimeout(sendDiagnostics, burstMs);
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(waiting);
    },
  };
}
