// Entry in a browser: no processes and no disk, so no commands that start one, and files by way of the editor.
import { commands, Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateOn, type Api } from './activate.ts';
import { clientOptions } from './client-options.ts';
import { provisionEgressGateway } from './commands/provision-egress-gateway.web.ts';
import { handOver, readFiles } from './web/hand-over-files.ts';

interface WorkerLike {
  postMessage(message: unknown): void;
}
declare const Worker: new (url: string) => WorkerLike & ConstructorParameters<typeof LanguageClient>[2];

export function activate(context: ExtensionContext): Api {
  const program = Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true);
  void commands.executeCommand('setContext', 'istioEgress.noProcesses', true);
  return activateOn({ name: 'web', createClient: (output) => createClient(program, output), commands: [provisionEgressGateway] }, context);
}

async function createClient(program: string, output: LogOutputChannel): Promise<LanguageClient> {
  const worker = new Worker(program);
  worker.postMessage(await readFiles(workspace.workspaceFolders?.map(({ uri }) => uri) ?? [], output));
  const options = { ...clientOptions(output), middleware: { workspace: handOver(() => client, output) } };
  // The worker itself: what a function gives back fails the client's own check of it in VS Code's web host.
  const client: LanguageClient = new LanguageClient('istioEgress', 'Istio Egress', worker, options);
  return client;
}
