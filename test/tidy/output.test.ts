// Names and hosts in outputs are texts: each way out of the product goes through base/visible.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree, withoutComments, type Tree } from './source-tree.ts';

interface WayOut {
  readonly what: string;
  readonly pattern: RegExp;
  /** The only files that use it, each with the function that makes its texts visible. */
  readonly files: Readonly<Record<string, string>>;
}

const waysOut: readonly WayOut[] = [
  {
    what: 'notifications of VS Code',
    pattern: /\bshow(?:Information|Warning|Error)Message\b|\bShowMessageNotification\.method/,

    files: { 'client/src/ui/show-plain.ts': 'visibleMessage', 'server/src/lsp/server.ts': 'visibleMessage' },
  },
  {
    what: 'progress of VS Code with a title from outside',
    pattern: /\bwindow\.withProgress\((?!options, async)/,
    files: { 'client/src/ui/progress.ts': 'visibleMessage' },
  },
  {
    what: 'output channels',
    pattern: /\bcreateOutputChannel\((?!'Istio Egress', \{ log: true \}\)\);)/,
    files: {},
  },
  {
    what: 'diagnostics made by the client',
    pattern: /\bnew Diagnostic\(/,
    files: { 'client/src/cluster/statuses.ts': 'visibleText' },
  },
  { what: 'results of tests', pattern: /\bnew TestMessage\((?!visibleText\()/, files: {} },
  { what: 'items of views', pattern: /\bnew TreeItem\((?!node\.label)/, files: {} },
  {
    what: 'documents with links',
    pattern: /\bfunction compose\b/,
    files: { 'client/src/documents/answer.ts': 'visibleLine' },
  },
  { what: 'Markdown escaped by hand', pattern: /\\\[\\\]<>\|/, files: {} },
  {
    what: 'the standard output of commands',
    pattern: /\bprocess\.std(?:out|err)\b|\b(?:writeTo|streamOf)\(/,
    files: {
      'server/src/host/node/cli-host.ts': '',
      'server/src/host/node/output.ts': '',
      'server/src/host/node/text-stream.ts': '',
      'server/src/main-cli.ts': '',
      'server/src/main-commands.ts': 'visibleNote',
      'server/src/host/node/survives.ts': 'visibleText',
    },
  },
  {
    what: 'the log of the language server',
    pattern: /(?<!visibleLog\(connection)\.console\b|(?<!\.)\bconsole\.(?:error|warn|info|log)\(/,
    files: { 'server/src/lsp/visible-log.ts': 'visibleText' },
  },
  {
    what: 'titles of differences',
    pattern: /'vscode\.(?:diff|changes)'/,
    files: { 'client/src/cluster/texts.ts': 'visibleLine(title)' },
  },
  {
    what: 'answers to standard requests',
    pattern: /Object\.entries\(standardRequests\)(?!\.map\(\(\[method, one\]\) => \[method, shownBy\(one\)\])/,
    files: {},
  },
];

function otherUses(tree: Tree, { pattern, files }: WayOut): readonly string[] {
  return [...tree].flatMap(([path, text]) => {
    if (!pattern.test(withoutComments(text))) return [];
    const through = files[path];
    return through !== undefined && text.includes(through) ? [] : [path];
  });
}

const product = readTree(['server/src', 'client/src']);

test('the check finds what it is for', () => {
  const found = (text: string) => waysOut.filter((way) => otherUses(new Map([['a.ts', text]]), way).length > 0).length;
  for (const text of [
    'window.showErrorMessage(name)',
    'window.withProgress({ title })',
    "createOutputChannel('b')",
    'new TestMessage(text)',
    'function compose() {}',
    'process.stdout.write(a)',
    'connection.console.warn(a)',
    "executeCommand('vscode.diff', a, b, title)",
    'Object.entries(standardRequests)) {',
  ])
    assert.equal(found(text), 1, text);
  for (const text of ['// window.showErrorMessage(name)', "text += '\\n';", 'new TestMessage(visibleText(a))'])
    assert.equal(found(text), 0, text);
});

for (const way of waysOut)
  test(`${way.what}: texts are made visible`, () => assert.deepEqual(otherUses(product, way), []));

test('the command line gives every command the output that makes texts visible', () =>
  assert.match(product.get('server/src/cli/run.ts')!, /const host = visibleHost\(given, parsed\);/));

/** Settings of the editor in code that the command line runs; only the editor shows what provisioning says. */
function editorSettings(tree: Tree): readonly string[] {
  const isEditors = /^server\/src\/(?:lsp|cluster\/provision)\/|\/executables\.ts$|^client\//;
  return [...tree].flatMap(([path, text]) =>
    !isEditors.test(path) && !path.endsWith('.gen.ts') && /\bistioEgress\.[a-z]/.test(withoutComments(text))
      ? [path]
      : [],
  );
}

test('no message of the command line names a setting of the editor', () => {
  const faulty: Tree = new Map([['server/src/cli/a.ts', 'const advice = `set istioEgress.kubectlPath`;']]);
  assert.deepEqual(editorSettings(faulty), ['server/src/cli/a.ts']);
  assert.deepEqual(editorSettings(product), []);
});
