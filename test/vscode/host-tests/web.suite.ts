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

  // The last test of all: it leaves files in the folder.
  test('New Egress Route shows the files and what they do, writes them, and the story still has no findings', async () => {
    await show('service-entry.yaml');
    const answers = {
      host: 'api.partner.example',
      tls: 'originate',
      port: '443',
      callers: 'default/curl',
      methods: 'GET',
      paths: '*',
      gateway: 'common-infrastructure/egress-gateway',
      log: 'yes',
    };
    const written = vscode.commands.executeCommand<readonly string[]>('istioEgress.newRoute', { answers });
    const document = vscode.Uri.from({ scheme: 'istio-egress-answer', path: '/Route to api.partner.example' });
    const text = await until('what the route does', async () => {
      const shown = (await vscode.workspace.openTextDocument(document)).getText();
      return shown !== '' && shown;
    });
    for (const part of [
      'Nothing is written yet.',
      'Allowed: api.partner.example is reached through waypoint',
      'default/curl',
    ])
      if (!text.includes(part)) throw new Error(`no ${part} in\n${text}`);
    await until('the route is written', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return (await Promise.race([written, new Promise((later) => setTimeout(later, 300))])) !== undefined;
    });
    const uris = ((await written) ?? []).map((uri) => vscode.Uri.parse(uri));
    equal(
      uris.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)),
      ['service-entry', 'destination-rule', 'authorization-policy'].map((kind) => `api-partner-example-${kind}.yaml`),
    );
    await noFindings();
    const found = () => uris.flatMap((uri) => vscode.languages.getDiagnostics(uri));
    await until('no findings in the new files', () => found().length === 0);
  });
});
