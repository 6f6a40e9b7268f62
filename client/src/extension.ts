// Entry point with Node: desktop, and remote hosts (SSH, WSL, containers).
import type { ExtensionContext } from 'vscode';
import { activateOn, type Api } from './activate.ts';
import { registerApplyLens } from './apply/apply-lens.ts';
import { keepInSync } from './cluster/keep-in-sync.ts';
import { tellServer } from './cluster/read-cluster.ts';
import { commandsWithProcesses } from './commands/with-processes.ts';
import { isUnderDevelopment, reloadAfterBuild } from './reload-after-build.ts';
import { runInBackground } from './run-in-background.ts';
import { registerStatus } from './status/status-item.ts';
import { welcome } from './welcome.ts';
import { registerTestLens } from './test-request/request-lens.ts';

export { deactivate } from './activate.ts';

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
      commands: commandsWithProcesses,
      parts: (egress) => [
        registerTestLens(),
        registerApplyLens(egress),
        registerStatus(egress),
        keepInSync(egress),
        reloadAfterBuild(context, egress),
        egress.server.onDidStart(() => runInBackground(egress.output, 'showing the walkthrough', welcome(egress))),
        egress.server.onDidStart(() => {
          if (egress.live.snapshot) runInBackground(egress.output, 'telling the server', tellServer(egress));
        }),
      ],
    },
    context,
  );
}
