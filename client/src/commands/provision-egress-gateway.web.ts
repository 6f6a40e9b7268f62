import { l10n, window } from 'vscode';
import type { EgressCommand } from '../context.ts';

/** A browser starts no programs; whoever comes here all the same is told so. */
export const provisionEgressGateway: EgressCommand = {
  id: 'istioEgress.provisionEgressGateway',
  run() {
    void window.showWarningMessage(l10n.t('This command starts istioctl and kubectl, which a browser cannot. Open the folder in VS Code on a computer.'));
    return 'no-processes';
  },
};
