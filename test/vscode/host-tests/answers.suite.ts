// What the editor says about requests, logs and policies: lenses and hints over the story, and documents that lead back into it.
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { file, replace, revert, show, yamlFiles } from './workspace.ts';

const answer = (name: string) => vscode.Uri.from({ scheme: 'istio-egress-answer', path: `/${name}` });

/** The title of a tab cannot hold a slash; a sign that looks the same stands for it. */
const traceName = (method: string) => `Trace: ${method} httpbin.org\u2215get from default\u2215curl`;

async function textOf(name: string): Promise<string> {
  return (await vscode.workspace.openTextDocument(answer(name))).getText();
}

function folderName(): string {
  return vscode.workspace.workspaceFolders![0]!.name;
}

function has(text: string, ...parts: readonly string[]): void {
  for (const part of parts) if (!text.includes(part)) throw new Error(`no ${JSON.stringify(part)} in\n${text}`);
}

/** Other lenses run something on the cluster, where there are processes. */
function saysFacts({ command }: vscode.CodeLens): boolean {
  return command?.command === 'istioEgress.traceRequest' || command?.command === 'istioEgress.showAccess';
}

suite('answers in the editor', () => {
  test('a lens says the facts, a hint what leaves', async () => {
    await show('service-entry.yaml');
    const lenses = await until('a lens', async () => {
      const found = (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          file('service-entry.yaml'),
          10,
        )
      ).filter(saysFacts);
      return found.length > 0 && found;
    });
    equal(
      lenses.map(({ command }) => command?.title),
      ['via common-infrastructure/egress-gateway · TLS SIMPLE to :443 · 1 policy'],
    );
    equal(
      lenses.map(({ command }) => [command?.command, command?.arguments]),
      [
        [
          'istioEgress.traceRequest',
          [{ uri: file('service-entry.yaml').toString(), line: lenses[0]!.range.start.line, character: 12 }],
        ],
      ],
    );
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      file('service-entry.yaml'),
      new vscode.Range(0, 0, 999, 0),
    );
    equal(
      hints.map(({ label }) => label),
      ['→ TLS :443'],
    );
  });

  test('lenses are switched off by the setting', async () => {
    const settings = vscode.workspace.getConfiguration('istioEgress');
    const count = async () =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          file('service-entry.yaml'),
        )
      ).length;
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    await until('no lens', async () => (await count()) === 0);
    await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    await until('the lens again', async () => (await count()) > 0);
  });

  test('Trace Request says what happens, and each step leads to its line', async () => {
    const request = { url: 'http://httpbin.org/get', from: 'default/curl', method: 'GET' };
    const trace = await vscode.commands.executeCommand<{ verdict: string } | undefined>(
      'istioEgress.traceRequestAsText',
      request,
    );
    equal(trace?.verdict, 'allowed');
    has(
      await textOf(traceName('GET')),
      'GET http://httpbin.org/get from default/curl',
      'Allowed: ',
      'service-entry.yaml:',
      'inbound-vip|80|http|httpbin.org',
    );
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      answer(traceName('GET')),
    );
    const link = links.find(({ target }) => target?.path.endsWith('/service-entry.yaml'));
    equal(/^L\d+,\d+$/.test(link?.target?.fragment ?? ''), true);
    const denied = await vscode.commands.executeCommand<{ verdict: string } | undefined>(
      'istioEgress.traceRequestAsText',
      {
        ...request,
        method: 'POST',
      },
    );
    equal(denied?.verdict, 'denied');
    await until('the document shows the second trace', async () =>
      (await textOf(traceName('POST'))).includes('Denied: '),
    );
  });

  test('Trace Request opens the view', async () => {
    await vscode.commands.executeCommand('istioEgress.traceRequest', {
      url: 'http://httpbin.org/get',
      from: 'default/curl',
      method: 'GET',
    });
    await until('the tab of the trace', () =>
      vscode.window.tabGroups.all.some(({ tabs }) =>
        tabs.some(({ label }) => label === 'Trace: GET httpbin.org/get from default/curl'),
      ),
    );
  });

  test('a request that cannot be is answered in words, not with a document', async () => {
    equal(
      (await vscode.commands.executeCommand('istioEgress.traceRequest', {
        url: 'nonsense',
        from: '',
        method: 'GET',
      })) ?? null,
      null,
    );
  });

  test('Show Access is a table whose causes lead to their lines', async () => {
    const access = await vscode.commands.executeCommand<{ rows: { host: string; access: string }[] } | undefined>(
      'istioEgress.showAccessAsText',
    );
    equal(
      access?.rows.some(({ host, access: how }) => host === 'httpbin.org' && how === 'some'),
      true,
    );
    has(
      await textOf(`Access in ${folderName()}.md`),
      '| default/curl | httpbin.org | 80 |',
      '| GET |',
      'authorization-policy.yaml#L',
    );
  });

  test('Compare Access with shows what an edit opens, and the server says it for the status bar', async () => {
    const uri = file('authorization-policy.yaml');
    const editor = await show('authorization-policy.yaml');
    const { document } = editor;
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('serviceAccounts'));
    await editor.edit((edit) =>
      edit.replace(
        document.lineAt(line).range,
        document.lineAt(line).text.replace('[default/curl]', '[default/curl, default/batch]'),
      ),
    );
    try {
      const lens = await until('the line above the policy', async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          uri,
          10,
        );
        return found.filter(({ command }) => command?.title.startsWith('This edit'));
      });
      equal(lens[0]?.command?.title, 'This edit opens httpbin.org:80 to default/batch');
      const found = await vscode.commands.executeCommand<{ opened: number } | undefined>('istioEgress.compareAccess', {
        base: 'opened',
      });
      equal(found?.opened, 1);
      has(
        await textOf(`Access in ${folderName()} compared with the files as opened.md`),
        '| opened | httpbin.org:80 | default/batch |',
      );
    } finally {
      // The rendered answer has the focus.
      await revert('authorization-policy.yaml');
    }
  });

  test('Run Policy Tests runs a file of expectations, which has a line that runs it', async () => {
    const uri = file('story.egress-test.yaml');
    await show('story.egress-test.yaml');
    const lenses = await until('the line', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
      return found.filter(({ command }) => command?.command === 'istioEgress.runTests');
    });
    equal(
      lenses.map(({ command }) => String(command?.arguments?.[0])),
      [uri.toString()],
    );
    const run = () =>
      vscode.commands.executeCommand<{ tests: { outcome: string; name: string }[] } | undefined>(
        'istioEgress.runTests',
        uri,
      );
    const passing = await run();
    equal(
      passing?.tests.every(({ outcome }) => outcome === 'passed'),
      true,
    );
    await replace('authorization-policy.yaml', 'methods: [GET]', 'methods: [PUT]');
    const failing = await until('a change in another file is seen', async () => {
      const result = await run();
      return result?.tests.some(({ outcome }) => outcome === 'failed') && result;
    });
    equal(
      failing.tests.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
      [passing!.tests[0]!.name],
    );
    await revert('authorization-policy.yaml');
  });

  test('Explain Log Line names the fields and the manifests', async () => {
    const line =
      '[2026-01-02T03:04:05.678Z] "POST /post HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/8.5.0" "5f1b0c1e-0000-4000-8000-000000000000" "httpbin.org" "-" inbound-vip|80|http|httpbin.org - 240.240.0.1:80 10.244.0.7:41234 - default';
    const explained = await vscode.commands.executeCommand<{ lines: { summary: string }[] } | undefined>(
      'istioEgress.explainLogLine',
      line,
    );
    equal(explained?.lines.length, 1);
    has(await textOf('Log: POST \u2215post at httpbin.org:80'), 'response_code', '403', 'service-entry.yaml:');
  });

  test('Learn from Gateway Logs proposes from the open log, or its selection, and writes nothing', async () => {
    const line = (path: string, host: string) =>
      `[2026-01-02T03:04:05.678Z] "GET ${path} HTTP/1.1" 200 - via_upstream - "-" 0 19 4 3 "-" "curl/8" "-" "${host}" "198.51.100.7:80" inbound-vip|80|http|${host} 10.1.0.8:1 240.240.0.3:80 10.1.0.9:1 - default`;
    const log = [
      'info\taccess\tconnection complete\tsrc.addr=10.1.0.9:1 src.identity="spiffe://cluster.local/ns/default/sa/curl" dst.addr=10.1.0.8:15008 direction="outbound"',
      line('/get', 'httpbin.org'),
      line('/v1', 'api.example.com'),
    ];
    const files = await yamlFiles();
    const learn = () => vscode.commands.executeCommand<{ unsolved: number }>('istioEgress.learnFromGatewayLogs');
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: log.join('\n') });
    await vscode.window.showTextDocument(document);
    equal((await learn()).unsolved, 0);
    const proposal = vscode.window.activeTextEditor!.document;
    equal([proposal.isUntitled, proposal.languageId, await yamlFiles()], [true, 'yaml', files]);
    has(
      proposal.getText(),
      '# 3 access-log lines read (1 of traffic inside the mesh)',
      '# Already allowed by a rule: 1 request',
      'name: api-example-com\n',
    );
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(0, 0, 2, 0) });
    await until('the selection', () => {
      const { activeTextEditor: active } = vscode.window;
      return active?.document === document && active.selection.end.line === 2;
    });
    await learn();
    const selected = await until('its proposal', () => {
      const now = vscode.window.activeTextEditor?.document;
      return now !== undefined && now !== document && now !== proposal && now.getText();
    });
    has(selected, '# 2 access-log lines read');
    equal(selected.includes('kind: '), false);
    for (let at = 0; at < 3; at++) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('language models of the editor get the answers of the command line', async () => {
    const names = ['check', 'trace', 'access', 'explain'].map((name) => `istio-egress_${name}`);
    equal(
      vscode.lm.tools
        .map(({ name }) => name)
        .filter((name) => name.startsWith('istio-egress_'))
        .sort(),
      names.sort(),
    );
    const call = async (name: string, input: object) => {
      const { content } = await vscode.lm.invokeTool(`istio-egress_${name}`, { input, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    };
    has(await call('check', {}), '"findings": []', '"version": 1');
    has(
      await call('trace', { url: 'http://httpbin.org/post', from: 'default/curl', method: 'POST' }),
      '"verdict": "denied"',
    );
    has(await call('access', { hosts: ['httpbin.org'] }), '"serviceAccount": "curl"');
    has(await call('explain', { rule: 'protocol-contradicts-port' }), '# protocol-contradicts-port');
    let problem = '';
    await call('trace', { url: 'http://httpbin.org' }).catch((error: unknown) => (problem = String(error)));
    has(problem, '"from" is missing');
  });
});
