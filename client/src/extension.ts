// Entry point with Node: desktop, and remote hosts (SSH, WSL, containers).
import type { ExtensionContext } from 'vscode';
import { activateOn, type Api } from './activate.ts';
import { applyManifest, diffManifest } from './commands/apply-manifest.ts';
import { registerApplyLens } from './apply/apply-lens.ts';
import { forgetCluster, readCluster } from './commands/cluster-commands.ts';
import { keepInSync } from './cluster/keep-in-sync.ts';
import { tellServer } from './cluster/read-cluster.ts';
import { checkEgressIsClosed } from './commands/check-egress-is-closed.ts';
import { deleteEgressGateway } from './commands/delete-egress-gateway.ts';
import { followGatewayLogs } from './commands/follow-gateway-logs.ts';
import { provisionEgressGateway } from './commands/provision-egress-gateway.ts';
import { sendTestRequest } from './commands/send-test-request.ts';
import { isUnderDevelopment, reloadAfterBuild } from './reload-after-build.ts';
import { chooseTarget, showClusterMenu } from './status/menu.ts';
import { registerStatus } from './status/status-item.ts';
import { useClusterVersion } from './status/use-version.ts';
import { registerTestLens } from './test-request/request-lens.ts';

export function activate(context: ExtensionContext): Api {
  const program = context.asAbsolutePath('dist/server.js');
  return activateOn(
    {
      name: 'node',
      async createClient(output) {
        // Evaluated once the editor has its turn again: waking up does not wait for it.
        await new Promise((resume) => setImmediate(resume));
        return (await import('./node-client.ts')).createNodeClient(program, output, isUnderDevelopment(context));
      },
      commands: [
        provisionEgressGateway,
        deleteEgressGateway,
        followGatewayLogs,
        sendTestRequest,
        checkEgressIsClosed,
        readCluster,
        forgetCluster,
        applyManifest,
        diffManifest,
        showClusterMenu,
        chooseTarget,
        useClusterVersion,
      ],
      parts: (egress) => [
        registerTestLens(),
        registerApplyLens(egress),
        registerStatus(egress),
        keepInSync(egress),
        reloadAfterBuild(context, egress),
        egress.server.onDidStart(() => {
          if (egress.live.snapshot) void tellServer(egress);
        }),
      ],
    },
    context,
  );
}
