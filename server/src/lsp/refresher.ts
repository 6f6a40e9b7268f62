// Tells the client that lenses and hints may say something else now: an editor asks anew of itself only for the file that is typed in.
import { CodeLensRefreshRequest, InlayHintRefreshRequest, type ClientCapabilities, type Connection } from 'vscode-languageserver';

/** Long enough that a burst of typing asks once. */
const quietMs = 200;

export interface Refresher {
  readonly soon: () => void;
  readonly stop: () => void;
}

export function createRefresher(connection: Connection, { workspace }: ClientCapabilities): Refresher {
  const requests = [
    ...(workspace?.codeLens?.refreshSupport ? [CodeLensRefreshRequest.type] : []),
    ...(workspace?.inlayHint?.refreshSupport ? [InlayHintRefreshRequest.type] : []),
  ];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = () => {
    timer = undefined;
    for (const type of requests) connection.sendRequest(type).catch((error: unknown) => connection.console.warn(`refresh: ${String(error)}`));
  };
  return {
    soon() {
      if (requests.length === 0) return;
      clearTimeout(timer);
      timer = setTimeout(send, quietMs);
    },
    stop: () => clearTimeout(timer),
  };
}
