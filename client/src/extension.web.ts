// Entry in a browser: no processes, so no commands that start one.
import { commands, Uri, type ExtensionContext } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateOn, type Api } from './activate.ts';
import { clientOptions } from './client-options.ts';
import { provisionEgressGateway } from './commands/provision-egress-gateway.web.ts';

declare const Worker: new (url: string) => ConstructorParameters<typeof LanguageClient>[2];

export function activate(context: ExtensionContext): Api {
  const program = Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true);
  void commands.executeCommand('setContext', 'istioEgress.noProcesses', true);
  return activateOn({
    name: 'web',
    // The worker itself: what a function gives back fails the client's own check of it in VS Code's web host.
    createClient: (output) => new LanguageClient('istioEgress', 'Istio Egress', new Worker(program), clientOptions(output)),
    commands: [provisionEgressGateway],
  }, context);
}
