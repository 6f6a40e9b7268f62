// The language client over a Node process. In a separate module, because loading its library takes most of the activation time.
import type { LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { clientOptions } from './client-options.ts';

/** Where a debugger reaches the server (`.vscode/launch.json`, "Attach to the language server"). On 127.0.0.1 only. */
const debugPort = 6009;

/** `module` is the server's program. With `debug`, or where the extension itself is debugged, a debugger can attach to the server. */
export function createNodeClient(module: string, output: LogOutputChannel, debug: boolean): LanguageClient {
  const transport = TransportKind.ipc;
  return new LanguageClient(
    'istioEgress',
    'Istio Egress',
    {
      run: { module, transport },
      debug: { module, transport, options: { execArgv: ['--nolazy', `--inspect=127.0.0.1:${debugPort}`] } },
    },
    clientOptions(output),
    debug,
  );
}
