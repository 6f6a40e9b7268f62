// `migrate`: what it prints, when it asks, and what it writes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { classicSets } from '../kit/classic-sets.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const dir = temporaryFolder('migrate');

function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(dir, name);
  writeFiles(folder, files);
  return folder;
}

test('the requests before and after, what is not carried over, and a diff; no file changes', () => {
  const folder = folderWith('dry', classicSets.mutual);
  const { code, out: stdout } = runCli(['migrate', '--dry-run', '--remove', folder]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /= GET http:\/\/news\.example\.com\/ from shop\/default\n {6}before {2}allowed through egress gateway/,
  );
  assert.match(stdout, /Secret news-client: copy it to namespace shop/);
  assert.match(stdout, /^\+ {2}gatewayClassName: istio-waypoint$/m);
  assert.match(stdout, /^-kind: VirtualService$/m);
  assert.ok(!existsSync(join(folder, 'waypoint.yaml')));
});

test('it writes only when asked to, and leaves the old objects without --remove', () => {
  const folder = folderWith('written', classicSets.passthrough);
  const refused = runCli(['migrate', folder]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /add --yes to write them, or --dry-run/);
  const { out: stdout } = runCli(['migrate', '--yes', folder]);
  assert.match(stdout, /to remove: VirtualService shop\/news/);
  assert.match(readFileSync(join(folder, 'namespace.yaml'), 'utf8'), /istio\.io\/dataplane-mode: ambient/);
  assert.match(readFileSync(join(folder, 'waypoint.yaml'), 'utf8'), /name: waypoint/);
  assert.match(readFileSync(join(folder, 'route.yaml'), 'utf8'), /kind: VirtualService/);
});

test('as JSON; and nothing to migrate is said', () => {
  const folder = folderWith('json', classicSets.http);
  const { out: stdout } = runCli(['migrate', '--dry-run', '--format', 'json', folder]);
  const found: unknown = JSON.parse(stdout);
  assert.ok(typeof found === 'object' && found !== null && 'virtualServices' in found);
  assert.deepEqual(found.virtualServices, ['VirtualService shop/news']);
  const empty = runCli([
    'migrate',
    '--dry-run',
    folderWith('none', { 'a.yaml': 'kind: Namespace\napiVersion: v1\nmetadata: { name: a }\n' }),
  ]);
  assert.equal(empty.code, 0);
  assert.match(empty.err, /Nothing to migrate/);
  const asData = runCli(['migrate', '--dry-run', '--format', 'json', join(dir, 'none')]);
  assert.deepEqual(JSON.parse(asData.out), {
    version: 1,
    virtualServices: [],
    routes: [],
    requests: [],
    notCarriedOver: [],
    diff: '',
  });
});

const apiSet = [
  'kind: Namespace\napiVersion: v1\nmetadata: { name: shop, labels: { istio-injection: enabled } }',
  'kind: ServiceEntry\napiVersion: networking.istio.io/v1\nmetadata: { name: news, namespace: shop }\nspec: { hosts: [news.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }',
  'kind: Gateway\napiVersion: gateway.networking.k8s.io/v1\nmetadata: { name: exit, namespace: shop }\nspec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }',
  'kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v1\nmetadata: { name: news, namespace: shop }\nspec: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: news }], rules: [{ backendRefs: [{ name: exit-istio, port: 80 }] }] }',
];
const outward =
  'kind: HTTPRoute\napiVersion: gateway.networking.k8s.io/v1\nmetadata: { name: outward, namespace: shop }\nspec: { parentRefs: [{ name: exit }], hostnames: [news.example.com], rules: [{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: news.example.com, port: 80 }] }] }';

test('an egress gateway of the Gateway API is moved too', () => {
  const folder = folderWith('api', { 'a.yaml': [...apiSet, outward].join('\n---\n') });
  const { code, out, err } = runCli(['migrate', '--dry-run', '--remove', '--format', 'json', folder]);
  assert.equal(code, 0);
  assert.equal(err, '');
  const found: unknown = JSON.parse(out);
  assert.ok(typeof found === 'object' && found !== null && 'routes' in found && 'notCarriedOver' in found);
  assert.deepEqual(found.routes, ['HTTPRoute shop/news']);
  assert.deepEqual(found.notCarriedOver, ['pods of shop keep their sidecars until they are restarted']);
});

test('an egress gateway that lets nothing out is named as not moved', () => {
  const { code, err } = runCli(['migrate', '--dry-run', folderWith('broken', { 'a.yaml': apiSet.join('\n---\n') })]);
  assert.equal(code, 0);
  assert.match(
    err,
    /^Gateway shop\/exit is an egress gateway, but no request gets out through it: .* not moved\.\nNothing/,
  );
});
