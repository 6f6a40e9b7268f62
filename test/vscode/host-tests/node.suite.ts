// What only a Node extension host can show: files that other programs write, and programs that are to be started.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { equal } from './until.ts';
import { file, finding, noFindings } from './workspace.ts';

suite('in a Node extension host', () => {
  test('a file that another program removes and writes again is seen', async () => {
    // No editor has it: of an open file the editor's text counts, not the disk's.
    const path = file('waypoint.yaml').fsPath;
    const text = readFileSync(path);
    // The watcher starts in a process of its own, and tells nothing of when it is ready.
    await new Promise((resume) => setTimeout(resume, 1500));
    rmSync(path);
    await finding('namespace.yaml', 'unknown-waypoint');
    writeFileSync(path, text);
    await noFindings();
  });

  test('Provision Egress Gateway names a program that is missing and starts nothing', async () => {
    const settings = vscode.workspace.getConfiguration('istioEgress');
    await settings.update('kubectlPath', '/nowhere/kubectl', vscode.ConfigurationTarget.Global);
    equal(await vscode.commands.executeCommand('istioEgress.provisionEgressGateway'), 'tool-missing');
    await settings.update('kubectlPath', undefined, vscode.ConfigurationTarget.Global);
  });

  test('the sample is written into a folder of its own, and a second one beside it', async () => {
    const parent = vscode.Uri.file(mkdtempSync(join(tmpdir(), 'istio-egress-sample-')));
    const first = await vscode.commands.executeCommand<string>('istioEgress.openSample', parent);
    const names = readdirSync(vscode.Uri.parse(first).fsPath);
    equal(
      ['service-entry.yaml', 'destination-rule.yaml', 'README.md'].filter((name) => !names.includes(name)),
      [],
    );
    const second = await vscode.commands.executeCommand<string>('istioEgress.openSample', parent);
    equal(second, `${first}-2`);
    rmSync(parent.fsPath, { recursive: true, force: true });
  });
});
