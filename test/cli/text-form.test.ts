// The whole text of `check`, as a file, a terminal of 80 columns and a terminal with links get it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requirementRules } from '../../server/src/rules/requirements.ts';
import { ruleAddress } from '../../server/src/cli/reporters/rule-address.ts';
import { run } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { hasLinks } from '../../server/src/host/node/terminal.ts';
import { documentRules, pages, rules } from '../../server/src/rules/index.gen.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';
import { noServers } from '../kit/no-servers.ts';
import { allRules } from '../kit/run-in-process.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const dir = temporaryFolder('text-form');
writeFiles(dir, {
  'apps/ledger.yaml': `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ledger, namespace: bank }
spec:
  hosts: [ledger.example.com]
  ports: [{ number: 443, name: tls, protocol: HTTPS }]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ledger, namespace: bank }
spec:
  host: ledger.example.com
  trafficPolicy:
    tls: { mode: SIMPLE, insecureSkipVerify: true }
`,
  'shop.yaml': `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: shop }
spec:
  hosts: [pay.example.com]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolutionn: DNS
`,
});

const plain = `apps/ledger.yaml (2 warnings)
apps/ledger.yaml:15:18: warning: Requests to port 443 of ledger.example.com are encrypted twice and fail: clients use TLS, and DestinationRule bank/ledger originates TLS (SIMPLE) again. [double-tls]
    | tls: { mode: SIMPLE, insecureSkipVerify: true }
    |              ^^^^^^
    apps/ledger.yaml:6:47: Clients use TLS on port 443 of ledger.example.com.
    fix: Add port 80 for plain HTTP and originate TLS only there (may change behaviour)
apps/ledger.yaml:15:26: warning: Anyone on the network path can impersonate ledger.example.com: its certificate is not verified. [insecure-skip-verify]
    | tls: { mode: SIMPLE, insecureSkipVerify: true }
    |                      ^^^^^^^^^^^^^^^^^^
    fix: Verify the certificate (may change behaviour)

shop.yaml (1 error)
shop.yaml:7:3: error: ServiceEntry has no field \`spec.resolutionn\`; the most similar name is \`resolution\`. [unknown-field]
    | resolutionn: DNS
    | ^^^^^^^^^^^
    fix: Rename to resolution

1 error, 2 warnings, 0 information, 0 hints in 2 files with 3 resources.
1 can be fixed with \`istio-egress fix\`.
\`istio-egress explain RULE\` says why a finding matters.
`;

test('without a terminal: a heading for each file, and a place for each finding', () => {
  assert.equal(runCli(['check'], { cwd: dir }).out, plain);
});

/** Escape characters are shown as `␛`. */
function inTerminal(columns: number, links: boolean): string {
  let out = '';
  const host = {
    ...cliHost('1.2.3', { ...noServers, homepage: 'https://github.com/acme/istio-egress#readme' }),
    cwd: dir,
    columns,
    links,
    color: true,
    stdout: (text: string) => void (out += text),
  };
  void run(['check', join(dir, 'shop.yaml')], host, allRules);
  return out.replaceAll('\u001b', '␛');
}

test('in a terminal: colours, and lines that fit', () => {
  assert.equal(
    inTerminal(80, false),
    `␛[1mshop.yaml␛[0m (1 error)
shop.yaml:7:3: ␛[31merror␛[0m: ServiceEntry has no field \`spec.resolutionn\`; the most
    similar name is \`resolution\`. ␛[90m[unknown-field]␛[0m
    ␛[90m|␛[0m resolutionn: DNS
    ␛[90m|␛[0m ␛[31m^^^^^^^^^^^␛[0m
    fix: Rename to resolution

1 error, 0 warnings, 0 information, 0 hints in 1 file with 1 resource.
1 can be fixed with \`istio-egress fix\`.
\`istio-egress explain RULE\` says why a finding matters.
`,
  );
});

test('where the terminal takes links, the rule is one to its page', () => {
  const address = 'https://github.com/acme/istio-egress/blob/v1.2.3/server/src/rules/schema/unknown-field.md';
  assert.ok(inTerminal(500, true).includes(` ␛]8;;${address}␛\\␛[90m[unknown-field]␛[0m␛]8;;␛\\\n`));
  assert.ok(existsSync(join(root, 'server/src/rules/schema/unknown-field.md')));
});

test('the address of each page is that of its file; without a repository it is a public page', () => {
  const all = [...rules, ...documentRules, ...requirementRules];
  for (const rule of all) {
    const reported = { ...rule, page: pages().get(rule.id) ?? '' };
    const own = ruleAddress(reported, { homepage: 'https://github.com/acme/istio-egress#readme', version: '1.2.3' });
    const path = own.replace('https://github.com/acme/istio-egress/blob/v1.2.3/', '');
    assert.ok(existsSync(join(root, path)), own);
    const elsewhere = ruleAddress(reported, { homepage: 'https://github.com/OWNER/istio-egress#readme', version: '1' });
    assert.match(elsewhere, /^https:\/\/[\w./#%-]+$/);
    assert.doesNotMatch(elsewhere, /OWNER/);
  }
});

test('which terminals take links', () => {
  for (const [env, isTerminal, expected] of [
    [{}, true, false],
    [{ TERM_PROGRAM: 'vscode' }, true, true],
    [{ TERM_PROGRAM: 'vscode' }, false, false],
    [{ TERM_PROGRAM: 'vscode', CI: 'true' }, true, false],
    [{ TERM_PROGRAM: 'vscode', TERM: 'dumb' }, true, false],
    [{ TERM_PROGRAM: 'Apple_Terminal' }, true, false],
    [{ TERM: 'xterm-kitty' }, true, true],
    [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, true, true],
    [{ TERM: 'xterm-256color', VTE_VERSION: '4800' }, true, false],
    [{ WT_SESSION: 'x' }, true, true],
    [{ FORCE_HYPERLINK: '1' }, false, true],
    [{ FORCE_HYPERLINK: '0', TERM_PROGRAM: 'vscode' }, true, false],
  ] as const)
    assert.equal(hasLinks(env, isTerminal), expected, JSON.stringify(env));
});
