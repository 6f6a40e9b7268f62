// Entry point in a browser: no processes and no disk, so no commands that start one; files are read through VS Code.
import { commands, Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { FirstMessage } from '../../server/src/lsp/protocol/workspace.ts';
import { activateOn, type Api } from './activate.ts';
import { clientOptions } from './client-options.ts';
import { commandsWithoutProcesses } from './commands/no-processes.web.ts';
import { runInBackground } from './run-in-background.ts';
import { handOver, readFiles } from './web/hand-over-files.ts';

export { deactivate } from './activate.ts';

interface WorkerLike {
  postMessage(message: unknown): void;
}
declare const Worker: new (url: string) => WorkerLike;

export function activate(context: ExtensionContext): Api {
  const at = (path: string) => Uri.joinPath(context.extensionUri, path).toString(true);
  const programs = { worker: at('dist/web/server.js'), engine: at('dist/engine.js') };
  return activateOn(
    {
      name: 'web',
      createClient: (output) => createClient(programs, output),
      commands: commandsWithoutProcesses,
      parts({ output }) {
        const hiding = commands.executeCommand('setContext', 'istioEgress.noProcesses', true);
        runInBackground(output, 'hiding the commands that need processes', hiding);
        return [];
      },
    },
    context,
  );
}

async function createClient(
  programs: { readonly worker: string; readonly engine: string },
  output: LogOutputChannel,
): Promise<LanguageClient> {
  const worker = new Worker(programs.worker);
  const first: FirstMessage = {
    engine: programs.engine,
    ...(await readFiles(workspace.workspaceFolders?.map(({ uri }) => uri) ?? [], output)),
  };
  worker.postMessage(first);
  const shared = clientOptions(output);
  const options = { ...shared, middleware: { ...shared.middleware, workspace: handOver(() => client, output) } };
  // The worker itself: what a function gives back fails the client's own check of it in VS Code's web host.
  const client: LanguageClient = new LanguageClient('istioEgress', 'Istio Egress', worker, options);
  return client;
}
