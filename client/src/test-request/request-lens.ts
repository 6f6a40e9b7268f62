// A code lens above each ServiceEntry that sends a request to its host.
import {
  CodeLens,
  commands,
  EventEmitter,
  languages,
  Range,
  workspace,
  type Disposable,
  type DocumentSymbol,
} from 'vscode';
import { configurationSection } from '../../../server/src/lsp/protocol/settings.ts';
import { sendTestRequest } from '../commands/send-test-request.ts';

export function registerTestLens(): Disposable {
  const changed = new EventEmitter<void>();
  const watching = [
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${configurationSection}.codeLens`)) changed.fire();
    }),
    workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
  ];
  const provider = languages.registerCodeLensProvider(
    { language: 'yaml' },
    {
      onDidChangeCodeLenses: changed.event,
      async provideCodeLenses({ uri }) {
        if (
          !workspace.isTrusted ||
          !workspace.getConfiguration(configurationSection, uri).get('codeLens.enabled', true)
        )
          return [];
        const symbols = await commands.executeCommand<readonly DocumentSymbol[] | undefined>(
          'vscode.executeDocumentSymbolProvider',
          uri,
        );
        return (symbols ?? [])
          .filter(({ name }) => name.startsWith('ServiceEntry '))
          .map(
            ({ range: { start } }) =>
              new CodeLens(new Range(start, start), {
                title: 'Send test request',
                tooltip: 'From a pod of the cluster, with curl',
                command: sendTestRequest.id,
                arguments: [{ uri: uri.toString(), line: start.line, character: start.character }],
              }),
          );
      },
    },
  );
  return { dispose: () => [changed, provider, ...watching].forEach((one) => one.dispose()) };
}
