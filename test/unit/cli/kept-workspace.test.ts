// Agents ask again and again: a later call reads what has changed on disk, and answers as a fresh process does.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toolServer } from '../../../server/src/cli/mcp/answer-tool.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { nodeFiles } from '../../../server/src/host/node/files.ts';
import { usedNow } from '../../../server/src/host/node/long-run-note.ts';
import type { FileSystem } from '../../../server/src/sources/file-system.ts';
import { Random } from '../../fuzz/random.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { writeFiles } from '../../kit/cli.ts';
import { noServers } from '../../kit/no-servers.ts';
import { allRules } from '../../kit/run-in-process.ts';
import { copyStory, storyWith, temporaryFolder } from '../../kit/story-folder.ts';

/** Names of the files that were read, and no wait until a new file has settled: each change here changes what `stat` says. */
function counted(read: string[]): FileSystem {
  const files = nodeFiles();
  return {
    ...files,
    read(path) {
      read.push(path.split('/').at(-1)!);
      return files.read(path);
    },
    stampOf: (path) => {
      const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
      return [ino, size, mtimeNs, ctimeNs].join();
    },
  };
}

function serverOn(folder: string, { held = 0 }: { readonly held?: number } = {}) {
  const read: string[] = [];
  const { answer } = toolServer({
    host: cliHost('0.0.0', noServers),
    files: counted(read),
    book: allRules,
    used: usedNow,
    held: () => held,
    roots: [folder],
  });
  return {
    answer,
    /** What was read since this was last asked. */
    takeRead: () => read.splice(0).sort(),
  };
}

const calls: readonly (readonly [string, object])[] = [
  ['check', {}],
  ['trace', { url: 'http://httpbin.org/get', from: 'default/curl' }],
  ['access', {}],
];

async function answersOf(server: Pick<ReturnType<typeof serverOn>, 'answer'>) {
  const answers: unknown[] = [];
  for (const [tool, input] of calls) answers.push(await server.answer(tool, input));
  return answers;
}

test('a later call reads the files that were changed, added or renamed, and no others', async () => {
  const folder = copyStory(temporaryFolder('kept'));
  const server = serverOn(folder);
  await server.answer('check', {});
  const all = server.takeRead();
  const readAfter = async (change: () => void) => {
    change();
    const kept = await answersOf(server);
    assert.deepEqual(kept, await answersOf(serverOn(folder)));
    return server.takeRead();
  };
  const path = (name: string) => join(folder, name);
  assert.ok(all.includes('service-entry.yaml'));
  assert.deepEqual(await readAfter(() => undefined), []);
  assert.deepEqual(
    await readAfter(() => writeFiles(folder, { 'more.yaml': readFileSync(path('service-entry.yaml'), 'utf8') })),
    ['more.yaml'],
  );
  assert.deepEqual(await readAfter(() => appendFileSync(path('service-entry.yaml'), '# more\n')), [
    'service-entry.yaml',
  ]);
  assert.deepEqual(await readAfter(() => renameSync(path('more.yaml'), path('above.yaml'))), ['above.yaml']);
  assert.deepEqual(await readAfter(() => rmSync(path('above.yaml'))), []);
});

test('a settings file that comes, changes or goes is seen by the next call', async () => {
  const folder = copyStory(temporaryFolder('kept-settings'));
  const server = serverOn(folder);
  const before = await answersOf(server);
  for (const text of [
    'severities: {}\n',
    'require:\n  encrypted: true\n',
    'mesh:\n  outboundTrafficPolicy: REGISTRY_ONLY\n',
    undefined,
  ]) {
    if (text === undefined) rmSync(join(folder, '.istio-egress.yaml'));
    else writeFileSync(join(folder, '.istio-egress.yaml'), text);
    assert.deepEqual(await answersOf(server), await answersOf(serverOn(folder)), text);
  }
  assert.deepEqual(await answersOf(server), before);
});

test('of mesh settings that contradict each other those of the first file count, also if it comes last', async () => {
  const folder = storyWith(temporaryFolder('kept-mesh'), 'authorization-policy.yaml', (text) =>
    text.replace('serviceAccounts: [default/curl]', 'principals: [cluster.local/ns/default/sa/curl]'),
  );
  const server = serverOn(folder);
  const before = await answersOf(server);
  const operator = (trustDomain: string) =>
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig: { trustDomain: ${trustDomain} }\n`;
  writeFiles(folder, { 'z.yaml': operator('cluster.local') });
  assert.deepEqual(await answersOf(server), await answersOf(serverOn(folder)));
  writeFiles(folder, { 'a.yaml': operator('other.example') });
  const kept = await answersOf(server);
  assert.deepEqual(kept, await answersOf(serverOn(folder)));
  assert.notDeepEqual(kept.slice(1), before.slice(1));
});

test('what holds much memory is read anew', async () => {
  const folder = copyStory(temporaryFolder('kept-large'));
  const server = serverOn(folder, { held: 1.5 });
  await server.answer('check', {});
  const all = server.takeRead();
  await server.answer('check', {});
  assert.deepEqual(server.takeRead(), all);
});

test('of a long list no more is made than there is room for, and the answer says how many there are', async () => {
  const folder = temporaryFolder('kept-long');
  const entry = (at: number) =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e${at}, namespace: shop }\nspec:\n  hosts: [h${at}.test]\n  resolution: NONE\n  wrong: 1\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;
  writeFiles(folder, { 'many.yaml': Array.from({ length: 2000 }, (_, at) => entry(at)).join('---\n') });
  const { answer } = serverOn(folder);
  const of = async (tool: string, list: string, made: [file: string, name: string]) => {
    let text = '';
    const calls = await callsOf(...made, async () => void ({ text } = await answer(tool, {})));
    const found = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const shown = (found[list] as readonly unknown[]).length;
    assert.match(
      String(found['note']),
      new RegExp(`^${Number(found['omitted'])} of ${shown + Number(found['omitted'])} ${list} are omitted`),
    );
    return { calls, shown, omitted: Number(found['omitted']) };
  };
  const access = await of('access', 'rows', ['eval/access/to-json.ts', 'accessRowJson']);
  assert.equal(access.shown + access.omitted, 2000);
  assert.ok(access.calls < 2 * access.shown + 1000, `${access.calls} made, ${access.shown} shown`);
  const check = await of('check', 'findings', ['engine/fixes.ts', 'fixesFor']);
  assert.ok(check.calls < check.shown + 50, `${check.calls} made, ${check.shown} shown`);
});

test('a file that was changed only now may change again within the same time', () => {
  const folder = temporaryFolder('kept-stamps');
  writeFiles(folder, { 'a.yaml': 'a: 1\n' });
  const { stampOf } = nodeFiles();
  assert.equal(stampOf?.(join(folder, 'a.yaml')), undefined);
  assert.equal(stampOf?.(join(folder, 'b.yaml')), undefined);
  const settled = stampOf?.(process.execPath);
  assert.ok(settled);
  assert.equal(stampOf?.(process.execPath), settled);
});

test('after any changes of files the answers are those of a fresh process', async () => {
  const folder = copyStory(temporaryFolder('kept-random'));
  const server = serverOn(folder);
  const random = new Random(7);
  const names = ['service-entry.yaml', 'destination-rule.yaml', 'a.yaml', 'sub/b.yaml', 'z.yaml'];
  const texts = [
    ...names.slice(0, 2).map((name) => readFileSync(join(folder, name), 'utf8')),
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig: { trustDomain: one.example }\n',
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY }, trustDomain: two.example }\n',
    'kind: ServiceEntry\napiVersion: networking.istio.io/v1\nmetadata: { name: b }\nspec:\n  hosts: [httpbin.org, "*.org"]\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n',
    'not: [yaml\n',
  ];
  const settings = ['defaultNamespace: shop\n', 'ignore: [sub]\n', 'require:\n  encrypted: true\n'];
  for (let step = 0; step < 40; step++) {
    const name = random.chance(0.15)
      ? random.of(['.istio-egress.yaml', 'sub/.istio-egress.yaml', 'kustomization.yaml'])
      : random.of(names);
    if (random.chance(0.3)) rmSync(join(folder, name), { force: true });
    else if (name === 'kustomization.yaml')
      writeFiles(folder, { [name]: 'namespace: apps\nresources: [a.yaml, sub/b.yaml]\n' });
    else writeFiles(folder, { [name]: random.of(name.endsWith('egress.yaml') ? settings : texts) });
    assert.deepEqual(await answersOf(server), await answersOf(serverOn(folder)), `step ${step}: ${name}`);
  }
});
