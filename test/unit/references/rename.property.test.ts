// Renaming there and back leaves every byte as it was, and findings are the same but for the name.
import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { drained } from '../../../server/src/base/steps.ts';
import { renameEdits, renameSubject } from '../../../server/src/features/navigation/rename.ts';
import { namesIn } from '../../../server/src/features/navigation/situations.ts';
import type { Entity } from '../../../server/src/references/entity.ts';
import { casesOf, readPage } from '../../kit/page.ts';
import { filesOf } from '../../kit/run-page.ts';
import { newWorkspace } from '../../kit/workspace.ts';

type Files = ReadonlyMap<string, string>;

function read(files: Files) {
  const workspace = newWorkspace();
  for (const [uri, text] of files) workspace.setFile(uri, text);
  workspace.refresh();
  const host = { textOf: (uri: string) => files.get(uri) };
  const messages = [...files.keys()]
    .flatMap((uri) => workspace.findings(uri))
    .map(({ rule, severity }) => `${severity} ${rule}`);
  return { workspace, host, messages: messages.sort((a, b) => (a < b ? -1 : 1)) };
}

const newNames: Readonly<Record<Entity['type'], string>> = {
  host: 'renamed.example.net',
  object: 'renamed-one',
  subset: 'renamed',
  port: '8765',
  section: 'renamed',
  label: 'renamed',
  provider: 'renamed',
  'trust-domain': 'renamed',
};

function renamed(files: Files, uri: string, offset: number, name: string): Files | string {
  const { workspace, host } = read(files);
  const from = { workspace, host, uri };
  const subject = renameSubject(from, offset);
  if (typeof subject === 'string') return subject;
  const result = drained(renameEdits(from, subject, name));
  if (result.state === 'refused') return result.reason;
  return new Map(
    [...files].map(([one, text]) => [
      one,
      applyEdits(
        text,
        result.edits.filter((edit) => edit.uri === one),
      ),
    ]),
  );
}

/** Each thing once, at the first place that names it. */
function* subjects(files: Files) {
  const seen = new Set<string>();
  for (const uri of files.keys()) {
    const { workspace, host } = read(files);
    for (const { span } of namesIn({ workspace, host, uri })) {
      const subject = renameSubject({ workspace, host, uri }, span.start);
      if (typeof subject === 'string' || seen.has(JSON.stringify(subject.entity))) continue;
      seen.add(JSON.stringify(subject.entity));
      yield { uri, subject };
    }
  }
}

/** A wildcard stays one: only those can be resolved dynamically. */
function newNameOf(entity: Entity): string {
  const name = newNames[entity.type];
  return entity.type === 'host' && entity.host.startsWith('*.') ? `*.${name}` : name;
}

/** Names that mean something by themselves: a well-known port, a host that a certificate has. */
const isTold = (rule: string): boolean => /port|protocol|address|unused|unlisted/.test(rule);

function checkAll(files: Files): number {
  const before = read(files);
  let count = 0;
  for (const { uri, subject } of subjects(files)) {
    const old = files.get(uri)!.slice(subject.span.start, subject.span.end);
    const there = renamed(files, uri, subject.span.start, newNameOf(subject.entity));
    if (typeof there === 'string') continue;
    count++;
    const back = renamed(there, uri, placeOf(there, uri, subject.span.start), old);
    assert.notEqual(
      typeof back,
      'string',
      `${JSON.stringify(subject.entity)}: ${typeof back === 'string' ? back : ''}`,
    );
    assert.deepEqual(back, files, JSON.stringify(subject.entity));
    if (subject.entity.type !== 'port')
      assert.deepEqual(
        read(there).messages.filter((one) => !isTold(one)),
        before.messages.filter((one) => !isTold(one)),
        JSON.stringify(subject.entity),
      );
  }
  return count;
}

/** The same occurrence in the renamed text: earlier edits of the file moved it. */
function placeOf(files: Files, uri: string, near: number): number {
  const { workspace, host } = read(files);
  const all = [...namesIn({ workspace, host, uri })].map(({ span }) => span.start);
  const isRenamed = (start: number): boolean => /^(renamed|8765)/.test(files.get(uri)!.slice(start));
  return all.filter(isRenamed).sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0] ?? near;
}

test('over the story', () => {
  const files = new Map(
    readdirSync('examples')
      .filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'))
      .map((name) => [`file:///story/${name}`, readFileSync(`examples/${name}`, 'utf8')]),
  );
  assert.ok(checkAll(files) >= 8);
});

const flow = `# Für Prüfer – 🚪
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: 'orders', namespace: "egress" }
spec: { hosts: ["api.orders.example"], ports: [{ number: 443, name: 'tls', protocol: TLS }], resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders, namespace: egress }
spec: { hosts: ['api.orders.example'], tls: [{ match: [{ port: 443, sniHosts: [api.orders.example] }], route: [{ destination: { host: "api.orders.example", port: { number: 443 } } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: orders, namespace: egress }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: "orders" }], rules: [{ to: [{ operation: { ports: ["443"] } }] }] }
`;

for (const [style, text] of [
  ['flow style with quotes', flow],
  ['lines that end with carriage return and line feed', flow.replaceAll('\n', '\r\n')],
] as const)
  test(`in ${style}`, () => assert.ok(checkAll(new Map([['file:///flow.yaml', text]])) >= 5));

/** Their fault is a name that leads elsewhere than its author thinks: so it does not follow. */
const misleading = ['policy-target-is-host.md', 'credential-in-wrong-namespace.md', 'policy-not-at-gateway.md'];

const pages = globSync('server/src/rules/{reference,authorization,tls}/*.md').sort((a, b) => (a < b ? -1 : 1));
for (const path of pages.filter((one) => !misleading.some((name) => one.endsWith(name))))
  test(`over ${path.split('/').at(-1)}`, () => {
    for (const { section } of casesOf(readPage(readFileSync(path, 'utf8'))).slice(0, 2))
      if (section.settings === undefined) checkAll(new Map(filesOf(section).map(({ uri, text }) => [uri, text])));
  });
