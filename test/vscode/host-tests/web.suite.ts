// What only a browser's extension host can show.
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { file, findings, noFindings, show, yamlFiles } from './workspace.ts';

suite("in a browser's extension host", () => {
  test('files that nobody opened are known, and those written later too', async () => {
    const before = await yamlFiles();
    const { document } = await show('service-entry.yaml');
    const second = document.getText().replace('name: http\n', 'name: web\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.writeFile(file('second.yaml'), new TextEncoder().encode(second));
    await until('the second copy is found', async () => {
      const { files } = await vscode.commands.executeCommand<{ files: number }>('istioEgress.checkWorkspace');
      return files === before + 1;
    });
    await until('they contradict each other', () =>
      ['second.yaml', 'service-entry.yaml'].some((name) =>
        findings(name).some(({ rule }) => rule === 'duplicate-resource'),
      ),
    );
    await vscode.workspace.fs.delete(file('second.yaml'));
    await noFindings();
  });

  test('Provision Egress Gateway says that a browser starts no programs', async () => {
    equal(await vscode.commands.executeCommand('istioEgress.provisionEgressGateway'), 'no-processes');
  });
});
