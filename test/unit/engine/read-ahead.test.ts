// A file that is read a document at a step: it takes effect at the end, and only if nothing else became of it meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { allShown, newWorkspace } from '../../kit/workspace.ts';

const entry = (host: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec:
  hosts: [${host}]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: DNS
`;

const uri = 'file:///mesh.yaml';
const three = [entry('a.example.com'), entry('b.example.com'), entry('c.example.com')].join('---\n');

function begun(documents: number) {
  const workspace = newWorkspace();
  const reading = workspace.settingFile(uri, three);
  for (let i = 0; i < documents; i++) reading.next();
  const finish = (): number => [...reading].length;
  const hosts = () => workspace.mesh.all('ServiceEntry').map(({ spec }) => spec.hosts[0]?.value);
  return { workspace, finish, hosts };
}

test('each step reads one document, and the last makes the same of the file as reading it at once', () => {
  const { workspace, finish, hosts } = begun(2);
  assert.deepEqual(hosts(), []);
  assert.equal(finish(), 1);
  assert.deepEqual(hosts(), ['a.example.com', 'b.example.com', 'c.example.com']);
  workspace.refresh();
  assert.equal(workspace.work.documentsRead, 3);
  const atOnce = newWorkspace();
  atOnce.setFile(uri, three);
  atOnce.refresh();
  assert.deepEqual(allShown(workspace), allShown(atOnce));
});

test('documents that stand are not read again', () => {
  const { workspace, finish } = begun(0);
  finish();
  workspace.takeChanged();
  for (const _ of workspace.settingFile(uri, three.replace('b.example', 'd.example'))) continue;
  workspace.takeChanged();
  assert.equal(workspace.work.documentsRead, 1);
});

test('a text that comes meanwhile stays, and so does a removal', () => {
  const edited = begun(2);
  edited.workspace.setFile(uri, entry('new.example.com'));
  edited.finish();
  assert.deepEqual(edited.hosts(), ['new.example.com']);
  const removed = begun(2);
  removed.workspace.removeFile(uri);
  removed.finish();
  assert.deepEqual(removed.hosts(), []);
});

test('of two readings of a file the later one counts, whichever ends last', () => {
  const { workspace, finish, hosts } = begun(2);
  for (const _ of workspace.settingFile(uri, entry('later.example.com'))) continue;
  finish();
  assert.deepEqual(hosts(), ['later.example.com']);
});

test('settings that come meanwhile hold for the whole file', () => {
  const unnamed = three.replaceAll(', namespace: shop', '');
  const workspace = newWorkspace();
  const reading = workspace.settingFile(uri, unnamed);
  reading.next();
  workspace.setSettings({ ...defaultSettings, defaultNamespace: 'team' }, () => undefined);
  for (const _ of reading) continue;
  assert.deepEqual(
    workspace.mesh.all('ServiceEntry').map(({ namespace }) => namespace),
    ['team', 'team', 'team'],
  );
});
