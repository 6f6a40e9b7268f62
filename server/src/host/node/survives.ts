import { errorText } from '../../base/error-text.ts';
import { visibleText } from '../../base/visible.ts';

/** The server goes on after a promise that nobody owns fails, such as a request that the client refuses: the reason goes to the log. */
export function survives(): void {
  process.on('unhandledRejection', (reason) => {
    process.stderr.write(visibleText(`istio-egress: ${errorText(reason)}\n`));
  });
}
