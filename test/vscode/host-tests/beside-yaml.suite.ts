// Beside Red Hat's yaml-language-server on the same files, under the id of Red Hat's extension: nothing is said or offered twice.
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { file, findings, noFindings, replace, revert, show } from './workspace.ts';

const name = 'service-entry.yaml';
const settings = () => vscode.workspace.getConfiguration('istioEgress');
const global = vscode.ConfigurationTarget.Global;

/** What a schema of one's own may say of a ServiceEntry: less than the CustomResourceDefinition. */
const schema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      additionalProperties: false,
      properties: {
        hosts: { type: 'array', items: { type: 'string' } },
        ports: { type: 'array' },
        resolution: { type: 'string' },
        exportTo: { type: 'array' },
      },
    },
  },
};

suite("beside Red Hat's YAML extension", () => {
  suiteSetup(async () => {
    const path = file('service-entry.schema.json');
    await vscode.workspace.fs.writeFile(path, new TextEncoder().encode(JSON.stringify(schema)));
    const schemas = { [path.toString()]: [name] };
    await vscode.workspace.getConfiguration('yaml').update('schemas', schemas, global);
    await show(name);
    await noFindings();
  });
  suiteTeardown(async () => {
    await settings().update('schemaChecks', undefined, global);
    await revert(name);
    await vscode.workspace.fs.delete(file('service-entry.schema.json'));
  });

  test('without it all findings are ours', async () => {
    await replace(name, '  resolution: DNS\n', '  resolution: DNS\n  resolutoin: DNS\n');
    await until('our finding', () => rules().includes('unknown-field'));
  });

  test('with it a field that its schema does not have is reported once', async () => {
    await vscode.extensions.getExtension('redhat.vscode-yaml')?.activate();
    await until('its finding', () => theirs().length > 0);
    await until('ours is left out', () => !rules().includes('unknown-field'));
    equal(
      theirs().map(({ range }) => range.start.line),
      [lineOf('resolutoin')],
    );
  });

  test('what its schema does not know is still reported', async () => {
    await replace(name, 'number: 80\n', 'number: eighty\n');
    await until('our finding', () => rules().includes('invalid-type'));
    equal(theirs().length, 1);
  });

  test('the setting "on" reports both', async () => {
    await settings().update('schemaChecks', 'on', global);
    await vscode.commands.executeCommand('istioEgress.restartServer');
    await until('our finding', () => rules().includes('unknown-field'));
  });

  test('the setting "off" leaves the structure to the other extension, and nothing else', async () => {
    await settings().update('schemaChecks', 'off', global);
    await until('ours are left out', () =>
      rules().every((rule) => rule !== 'unknown-field' && rule !== 'invalid-type'),
    );
    await replace(name, '- httpbin.org\n', '- "*"\n');
    await until('a finding about the host', () => rules().length > 0);
  });

  test('completion offers a key that both know once, and keys that only one knows', async () => {
    await revert(name);
    await replace(name, '  resolution: DNS\n', '  resolution: DNS\n  \n');
    const at = new vscode.Position(lineOf('resolution: DNS') + 1, 2);
    for (const [setting, times] of [
      ['on', 2],
      ['auto', 1],
    ] as const) {
      await settings().update('schemaChecks', setting, global);
      const labels = await until(`completion with ${setting}`, async () => {
        const all = await offered(at);
        return all.includes('location') && all.filter((label) => label === 'exportTo').length === times && all;
      });
      equal(labels.filter((label) => label === 'location').length, 1);
    }
  });

  test("a chart's template is left to the other extension", async () => {
    const template = file('chart/templates/entry.yaml');
    const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await write(file('chart/Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 0.1.0\n');
    await write(template, 'kind: ServiceEntry\nspec:\n  {{- if .Values.hosts }}\n  hosts: 1\n  {{- end }}\n');
    await show('chart/templates/entry.yaml');
    const all = await until('its findings', () => {
      const found = vscode.languages.getDiagnostics(template);
      return found.length > 0 && found;
    });
    equal(
      all.filter(({ source }) => source === 'istio-egress'),
      [],
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(file('chart'), { recursive: true });
  });
});

async function offered(at: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    file(name),
    at,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

function rules(): string[] {
  return findings(name).map(({ rule }) => rule);
}

function theirs(): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file(name)).filter(({ source }) => source?.startsWith('yaml-schema'));
}

function lineOf(text: string): number {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file(name).toString());
  return (
    document
      ?.getText()
      .split('\n')
      .findIndex((line) => line.includes(text)) ?? -1
  );
}
