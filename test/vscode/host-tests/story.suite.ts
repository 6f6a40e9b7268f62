// What holds in every extension host: the story is clean, a fault in it is found and repaired, settings and commands work.
import * as vscode from 'vscode';
import { say } from './report.ts';
import { equal, until } from './until.ts';
import { file, finding, findings, noFindings, replace, revert, show, story, yamlFiles } from './workspace.ts';

interface Api {
  readonly host: string;
  readonly ready: Promise<void>;
}

const originates = '  trafficPolicy:\n    tls:\n      mode: SIMPLE\n';

suite('the story in the editor', () => {
  test('the extension wakes up with a YAML file, without waiting for its server', async () => {
    const extension = vscode.extensions.getExtension<Api>('istio-egress.istio-egress');
    if (!extension) throw new Error('the extension is not there');
    const began = performance.now();
    const { host, ready } = await extension.activate();
    const woken = performance.now();
    await ready;
    say(
      `   host ${host}, awake after ${(woken - began).toFixed(0)} ms, server after ${(performance.now() - began).toFixed(0)} ms`,
    );
    await show('service-entry.yaml');
  });

  test('the whole workspace is checked, and the story has no findings', async () => {
    const result = await vscode.commands.executeCommand<{
      files: number;
      resources: number;
      findings: object;
      skipped: unknown[];
    }>('istioEgress.checkWorkspace');
    equal(
      { files: result.files, findings: result.findings },
      { files: await yamlFiles(), findings: { error: 0, warning: 0, information: 0, hint: 0 } },
    );
    if (result.resources < story.length) throw new Error(`only ${result.resources} resources were read`);
    await noFindings();
  });

  test('a DestinationRule without its TLS: found at the ServiceEntry, which nobody edited', async () => {
    await replace('destination-rule.yaml', originates, '');
    const { range, severity } = await finding('service-entry.yaml', 'plaintext-to-tls-port');
    equal(severity, vscode.DiagnosticSeverity.Warning);
    const document = await vscode.workspace.openTextDocument(file('service-entry.yaml'));
    equal(/443|number: 80/.test(document.getText(range)), true);
  });

  test('its code opens the page of the rule', async () => {
    const { code } = await finding('service-entry.yaml', 'plaintext-to-tls-port');
    if (typeof code !== 'object') throw new Error('the code has no link');
    const page = await vscode.workspace.openTextDocument(code.target);
    equal(page.getText().startsWith('# plaintext-to-tls-port\n'), true);
  });

  test('the preferred fix originates TLS, and the finding is gone', async () => {
    const { range } = await finding('service-entry.yaml', 'plaintext-to-tls-port');
    const preferred = async (): Promise<vscode.WorkspaceEdit | undefined> => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        file('service-entry.yaml'),
        range,
        vscode.CodeActionKind.QuickFix.value,
        10,
      );
      return actions.find(({ isPreferred }) => isPreferred)?.edit;
    };
    // On a busy machine the first answer can be one from before the finding.
    let edit = await preferred();
    for (let tries = 0; !edit && tries < 20; tries++) {
      await new Promise((done) => setTimeout(done, 250));
      edit = await preferred();
    }
    if (!edit) throw new Error('no preferred fix with an edit');
    await vscode.workspace.applyEdit(edit);
    await noFindings();
  });

  test('a severity that is changed in the settings holds without a restart', async () => {
    await revert('service-entry.yaml');
    await replace('destination-rule.yaml', 'host: httpbin.org', 'host: httpbin.example');
    await finding('service-entry.yaml', 'plaintext-to-tls-port');
    const settings = vscode.workspace.getConfiguration('istioEgress');
    await settings.update('severities', { 'plaintext-to-tls-port': 'off' }, vscode.ConfigurationTarget.Global);
    await until(
      'the finding is switched off',
      () => findings('service-entry.yaml').every(({ rule }) => rule !== 'plaintext-to-tls-port') && true,
    );
    await settings.update('severities', undefined, vscode.ConfigurationTarget.Global);
    await finding('service-entry.yaml', 'plaintext-to-tls-port');
  });

  test('after a restart of the server the findings are there again', async () => {
    await vscode.commands.executeCommand('istioEgress.restartServer');
    await finding('service-entry.yaml', 'plaintext-to-tls-port');
    await revert('destination-rule.yaml');
    await noFindings();
  });

  test('hover explains a field, and the outline names the resource', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      file('service-entry.yaml'),
    );
    equal(
      symbols.map(({ name }) => name),
      ['ServiceEntry common-infrastructure/httpbin'],
    );
    const document = await vscode.workspace.openTextDocument(file('service-entry.yaml'));
    const at = document.positionAt(document.getText().indexOf('resolution:') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    equal(
      hovers.some(({ contents }) =>
        contents.some((part) => (typeof part === 'string' ? part : part.value).includes('resolution')),
      ),
      true,
    );
  });

  test('a diff of an earlier version is no second copy of the file', async () => {
    const provider = vscode.workspace.registerTextDocumentContentProvider('earlier', {
      provideTextDocumentContent: async () =>
        (await vscode.workspace.openTextDocument(file('service-entry.yaml'))).getText(),
    });
    const earlier = await vscode.workspace.openTextDocument(file('service-entry.yaml').with({ scheme: 'earlier' }));
    await vscode.window.showTextDocument(earlier);
    await replace('destination-rule.yaml', 'host: httpbin.org', 'host: httpbin.example');
    await finding('service-entry.yaml', 'plaintext-to-tls-port');
    equal(vscode.languages.getDiagnostics(earlier.uri).length, 0);
    equal(findings('service-entry.yaml').filter(({ rule }) => rule === 'duplicate-resource').length, 0);
    await revert('destination-rule.yaml');
    await noFindings();
    provider.dispose();
  });
});
