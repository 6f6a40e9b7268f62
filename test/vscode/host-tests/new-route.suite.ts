// New Egress Route from the first answer to the written files. It is the last suite in a browser: files that are deleted there are known
// to the server until the window is opened again.
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { noFindings, show } from './workspace.ts';

async function textOf(name: string): Promise<string> {
  const uri = vscode.Uri.from({ scheme: 'istio-egress-answer', path: `/${name}` });
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

function has(text: string, ...parts: readonly string[]): void {
  for (const part of parts) if (!text.includes(part)) throw new Error(`no ${JSON.stringify(part)} in\n${text}`);
}

suite('a new route', () => {
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
    const text = await until('what the route does', async () => {
      const shown = await textOf('Route to api.partner.example.txt');
      return shown !== '' && shown;
    });
    has(text, 'Nothing is written yet.', 'Allowed: api.partner.example is reached through waypoint', 'default/curl');
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
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const uri of uris) await vscode.workspace.fs.delete(uri);
  });
});
