// A code lens above an expectations file that runs it.
import { CodeLens, EventEmitter, languages, Range, workspace, type Disposable } from 'vscode';
import { configurationSection } from '../../../server/src/lsp/protocol/settings.ts';
import { runTestsCommand } from '../commands/run-tests.ts';
import { testFiles } from './run-tests.ts';

export function registerRunLens(): Disposable {
  const changed = new EventEmitter<void>();
  const watching = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${configurationSection}.codeLens`)) changed.fire();
  });
  const provider = languages.registerCodeLensProvider(
    { pattern: testFiles },
    {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: ({ uri }) =>
        workspace.getConfiguration(configurationSection, uri).get('codeLens.enabled', true)
          ? [
              new CodeLens(new Range(0, 0, 0, 0), {
                title: 'Run',
                tooltip: 'Run the expectations of this file',
                command: runTestsCommand,
                arguments: [uri],
              }),
            ]
          : [],
    },
  );
  return { dispose: () => [changed, watching, provider].forEach((one) => one.dispose()) };
}
