import { ProgressLocation, window } from 'vscode';
import { visibleMessage } from '../../../server/src/base/visible.ts';

/** Shows a notification while `work` runs. It can be cancelled, and opens the output. */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Thenable<T> {
  const options = {
    location: ProgressLocation.Notification,
    cancellable: true,
    title: `${visibleMessage(title)} ([output](command:istioEgress.showOutput))`,
  };
  return window.withProgress(options, (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return work(stop.signal, (message) => progress.report({ message: visibleMessage(message) }));
  });
}

/** Shows `title` in the status bar until `work` has ended; the editor leaves that out for what ends at once. */
export function withStatus<T>(title: string, work: Promise<T>): Thenable<T> {
  return window.withProgress({ location: ProgressLocation.Window, title: visibleMessage(title) }, () => work);
}
