import { l10n, window } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';

/** Commands of the other host: a browser starts no programs, and whoever comes to one all the same is told so. */
export const needProcesses: readonly EgressCommand[] = [
  'provisionEgressGateway',
  'deleteEgressGateway',
  'sendTestRequest',
  'followGatewayLogs',
  'checkEgressIsClosed',
  'readCluster',
  'forgetCluster',
  'applyManifest',
  'diffManifest',
  'showClusterMenu',
  'chooseTarget',
  'useClusterVersion',
].map((name) => ({ id: `istioEgress.${name}`, run: refuse }));

function refuse(): 'no-processes' {
  void window.showWarningMessage(
    l10n.t(
      'This command starts istioctl and kubectl, which is not possible in a browser. Open the folder in VS Code on your computer.',
    ),
  );
  return 'no-processes';
}
