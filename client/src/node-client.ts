// The language client over a process of Node's. Apart from the entry, because the library behind it takes most of the time of waking up.
import type { LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { clientOptions } from './client-options.ts';

/** `module` is the server's program. */
export function createNodeClient(module: string, output: LogOutputChannel): LanguageClient {
  const transport = TransportKind.ipc;
  return new LanguageClient(
    'istioEgress',
    'Istio Egress',
    {
      run: { module, transport },
      debug: { module, transport, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    },
    clientOptions(output),
  );
}
