// Entry where there is Node: desktop, and the far side of SSH, WSL and containers.
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { activateOn, type Api } from './activate.ts';
import { clientOptions } from './client-options.ts';
import { provisionEgressGateway } from './commands/provision-egress-gateway.ts';

export function activate(context: ExtensionContext): Api {
  const module = context.asAbsolutePath('dist/server.js');
  const transport = TransportKind.ipc;
  return activateOn({
    name: 'node',
    createClient: (output) => new LanguageClient('istioEgress', 'Istio Egress', {
      run: { module, transport },
      debug: { module, transport, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    }, clientOptions(output)),
    commands: [provisionEgressGateway],
  }, context);
}
