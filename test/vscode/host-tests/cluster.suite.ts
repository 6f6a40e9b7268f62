// Commands on a cluster whose kubectl is a script that says what a cluster would: what the editor makes of it, and what it lets through.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { noFindings } from './workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'istio-egress-kubectl-'));
const at = (name: string) => join(folder, name);
const settings = () => vscode.workspace.getConfiguration('istioEgress');

const line = (method: string, path: string, id: string, denied = false) =>
  `[${new Date().toISOString()}] "${method} ${path} HTTP/1.1" ${denied ? '403 - rbac_access_denied_matched_policy[none]' : '200 - via_upstream'} - "-" 0 19 1 - "-" "curl/8" "${id}" "httpbin.org" "${denied ? '-' : '192.0.2.10:443'}" inbound-vip|80|http|httpbin.org - 240.240.0.1:80 10.0.0.7:4 - default`;

/** Columns as the listing of pods asks for them. */
const pod = (namespace: string, name: string, account: string, labels: object, container: string) =>
  `${[namespace, name, account, JSON.stringify(labels), container, '', 'Running', 'True', 'enabled', '', '', '10.0.0.7', ''].join('\t')}\n`;

const script = `#!/bin/sh
cd '${folder}'
printf '%s\\n' "$*" >> calls
case "$*" in
  *'get pods'*gateway-name=*) cat gateway-pods;;
  *'get pods --all-namespaces'*startTime*) printf 'default\\tcurl\\t2026-01-01T00:00:00Z\\t\\tRunning\\t10.0.0.7\\n';;
  *'get pods'*) cat client-pods;;
  *' exec '*) cat answer;;
  *' logs '*--follow*) cat log; exec sleep 60;;
  *' logs '*) cat log;;
  *) echo "no answer to $*" >&2; exit 1;;
esac
`;

function calls(): readonly string[] {
  return readFileSync(at('calls'), 'utf8')
    .split('\n')
    .filter((one) => one !== '');
}

async function textOf(name: string): Promise<string> {
  return (
    await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: 'istio-egress-answer', path: `/${name.replaceAll('/', '\u2215')}` }),
    )
  ).getText();
}

const logName = 'Gateway log: common-infrastructure/egress-gateway';

const request = {
  context: 'local',
  namespace: 'default',
  pod: 'curl-1',
  container: 'curl',
  url: 'http://httpbin.org/get',
  method: 'GET',
};
const send = (said: Partial<typeof request> = {}) =>
  vscode.commands.executeCommand<{ status?: number; agrees?: boolean; line?: string } | string>(
    'istioEgress.sendTestRequest',
    { ...request, ...said },
  );

suite('commands on a cluster', () => {
  suiteSetup(async () => {
    // Answers of a server that still reads would be of half the story.
    await vscode.commands.executeCommand('istioEgress.checkWorkspace');
    await noFindings();
    writeFileSync(at('kubectl'), script);
    chmodSync(at('kubectl'), 0o755);
    writeFileSync(at('calls'), '');
    writeFileSync(
      at('gateway-pods'),
      pod('common-infrastructure', 'egress-gateway-1', 'egress-gateway', {}, 'istio-proxy'),
    );
    writeFileSync(at('client-pods'), pod('default', 'curl-1', 'curl', { app: 'curl' }, 'curl'));
    const time = () => new Date().toISOString();
    writeFileSync(
      at('log'),
      `${time()} noise of the proxy\n${time()} ${line('GET', '/get', 'id-1')}\n${time()} ${line('POST', '/post', 'id-2', true)}\n`,
    );
    await settings().update('kubectlPath', at('kubectl'), vscode.ConfigurationTarget.Global);
  });
  suiteTeardown(async () => {
    await settings().update('kubectlPath', undefined, vscode.ConfigurationTarget.Global);
    rmSync(folder, { recursive: true, force: true });
  });

  function answer(status: string, id: string, body: string): void {
    writeFileSync(
      at('answer'),
      `HTTP/1.1 ${status}\r\nserver: istio-envoy\r\nx-request-id: ${id}\r\n\r\n${body}\nistio-egress-sent ${status.slice(0, 3)} 0.001 0.002 0 0.010 0.011 240.240.0.1\n`,
    );
  }

  test("Send Test Request shows the answer, the expectation, and the gateway's own line", async () => {
    answer('200 OK', 'id-1', '{}');
    const result = await send();
    const text = await textOf('Test: GET httpbin.org/get from default/curl');
    if (typeof result === 'string' || !result.line?.includes('"id-1"'))
      throw new Error(`no line of the gateway: ${text}\n${calls().join('\n')}`);
    equal([result.status, result.agrees], [200, true]);
    for (const part of [
      'GET http://httpbin.org/get from default/curl',
      '✔ As expected: It was allowed',
      'server: istio-envoy',
      'response_flags',
      'service-entry.yaml:',
      'exec pods/curl-1 --container=curl -- curl',
    ])
      equal([part, text.includes(part)], [part, true]);
  });

  test('a POST that is denied is as expected, and one that is not denied is a difference', async () => {
    answer('403 Forbidden', 'id-2', 'RBAC: access denied');
    const denied = await send({ url: 'http://httpbin.org/post', method: 'POST' });
    equal(typeof denied === 'string' ? denied : [denied.status, denied.agrees], [403, true]);
    answer('200 OK', 'id-1', '{}');
    const open = await send({ url: 'http://httpbin.org/post', method: 'POST' });
    equal(typeof open === 'string' ? open : [open.status, open.agrees], [200, false]);
    await until('the document says so', async () =>
      /✘ Not as expected: Expected: denied\. It got a response/.test(
        await textOf('Test: POST httpbin.org/post from default/curl'),
      ),
    );
  });

  test('no value reaches a shell or becomes a flag', async () => {
    writeFileSync(at('calls'), '');
    const evil = ['--server=evil', '-x', 'a;touch owned', '$(touch owned)', 'a\nb', '`id`'];
    for (const value of evil) {
      for (const said of [
        { pod: value },
        { namespace: value },
        { container: value },
        { url: value },
        { method: value },
      ])
        equal([said, await send(said).then((result) => typeof result)], [said, 'string']);
    }
    equal(
      calls().filter((call) => call.includes(' exec ')),
      [],
    );
    // A context may be called anything on one line: it stays one word, joined to its flag.
    await send({ context: '; touch owned' });
    equal(
      calls()
        .filter((call) => call.includes(' exec '))
        .every((call) => call.startsWith('--context=; touch owned ')),
      true,
    );
  });

  test('Follow Gateway Logs is a table that is filtered, hovered, and proposes a policy', async () => {
    equal(
      await vscode.commands.executeCommand('istioEgress.followGatewayLogs', {
        context: 'local',
        namespace: 'common-infrastructure',
        name: 'egress-gateway',
      }),
      'following',
    );
    const table = await until('both lines', async () => {
      const text = await textOf(logName);
      return text.includes('/post') && text;
    });
    equal(
      [
        /GET +httpbin\.org +\/get +200 +- +/.test(table),
        /POST +httpbin\.org +\/post +403 +common-infrastructure\/httpbin +/.test(table),
        table.includes('noise'),
      ],
      [true, true, false],
    );
    equal(table.includes('— Following pod egress-gateway-1.'), true);
    await vscode.commands.executeCommand('istioEgress.filterGatewayLogs', 'denied');
    await until('only what was denied', async () => !(await textOf(logName)).includes('/get '));
    const log = vscode.Uri.from({ scheme: 'istio-egress-answer', path: `/${logName.replaceAll('/', '\u2215')}` });
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', log);
    equal(links.map(({ target }) => target?.path.split('/').at(-1) ?? '').sort(), [
      'authorization-policy.yaml',
      'service-entry.yaml',
    ]);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', log, 10);
    const propose = lenses.find(({ command }) => command?.command === 'istioEgress.proposePolicy');
    equal(
      await vscode.commands.executeCommand('istioEgress.proposePolicy', ...(propose?.command?.arguments ?? [])),
      true,
    );
    const proposal = vscode.window.activeTextEditor?.document;
    equal(
      [
        proposal?.isUntitled,
        proposal?.languageId,
        proposal?.getText().startsWith('# A rule to add to AuthorizationPolicy common-infrastructure/httpbin'),
      ],
      [true, 'yaml', true],
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    const learned = await vscode.commands.executeCommand<{ withoutAccount: number }>(
      'istioEgress.learnFromGatewayLogs',
      { isPanel: true },
    );
    const summary = vscode.window.activeTextEditor?.document.getText() ?? '';
    equal(
      [learned.withoutAccount, summary.split('\n').slice(0, 2)],
      [
        0,
        [
          '# Access log of gateway common-infrastructure/egress-gateway in context local; times are UTC',
          '# 2 access-log lines read (0 of traffic inside the mesh), 0 other lines skipped.',
        ],
      ],
    );
    for (const part of ['Already allowed by a rule: 1 request', 'Refused or failed, and not proposed: 1 request'])
      equal([part, summary.includes(part)], [part, true]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('istioEgress.stopFollowingLogs');
    await until('that it was stopped is told', async () => (await textOf(logName)).includes('— Stopped.'));
  });

  test('a ServiceEntry has a line that sends a request to it', async () => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'service-entry.yaml');
    await vscode.window.showTextDocument(uri);
    const lens = await until('the line', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
      return lenses.find(({ command }) => command?.command === 'istioEgress.sendTestRequest');
    });
    equal(lens.command?.title, 'Send test request');
  });
});
