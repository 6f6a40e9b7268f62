// Tells the client that lenses and hints may say something else now: an editor asks anew of itself only for the file that is typed in.
import {
  CodeLensRefreshRequest,
  InlayHintRefreshRequest,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { changedNotification } from './cluster-protocol.ts';

/** Long enough that a burst of typing asks once. */
const quietMs = 200;

export interface Refresher {
  readonly soon: () => void;
  readonly stop: () => void;
}

/** `tells`: the client wants to know that answers of our own requests may have changed. */
export function createRefresher(connection: Connection, { workspace }: ClientCapabilities, tells: boolean): Refresher {
  const requests = [
    ...(workspace?.codeLens?.refreshSupport ? [CodeLensRefreshRequest.type] : []),
    ...(workspace?.inlayHint?.refreshSupport ? [InlayHintRefreshRequest.type] : []),
  ];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    const report = (error: unknown) => connection.console.warn(`refresh: ${String(error)}`);
    if (tells) connection.sendNotification(changedNotification).catch(report);
    for (const type of requests) connection.sendRequest(type).catch(report);
  };
  return {
    soon() {
      if (requests.length === 0 && !tells) return;
      clearTimeout(timer);
      timer = setTimeout(send, quietMs);
    },
    stop: () => clearTimeout(timer),
  };
}
