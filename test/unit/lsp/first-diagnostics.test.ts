// What is wrong in an open file by itself is told before the other files are read. Held by the order of what happens, not by time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { started } from './session-kit.ts';

const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec:
  hosts: [api.example.com]
  colour: red
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }] # istio-egress-ignore double-tls: an example
  resolution: DNS
`;
const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
`;
const patch = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api }
spec: { colour: red }
`;

test('an open file gets what is wrong in it before another one is read, and the rest once all are', async () => {
  const { events, session, open } = started({ '/w/entry.yaml': entry, '/w/namespace.yaml': namespace });
  open('/w/entry.yaml', entry);
  await session.start(['file:///w']);
  const order = events.filter((event) => /^(?:\/w|read \/w\/namespace)/.test(event));
  assert.deepEqual(order, [
    '/w/entry.yaml: unknown-field',
    'read /w/namespace.yaml',
    '/w/entry.yaml: unknown-field plaintext-to-tls-port unused-suppression',
  ]);
});

test('what the place of a file says of it counts from the first moment: a patch has no findings', async () => {
  const { events, session, open } = started({
    '/w/kustomization.yaml': 'patches: [{ path: patch.yaml }]\n',
    '/w/namespace.yaml': namespace,
    '/w/patch.yaml': patch,
  });
  open('/w/patch.yaml', patch);
  await session.start(['file:///w']);
  const told = events.filter((event) => event.startsWith('/w/patch.yaml'));
  assert.ok(told.length > 0 && told.every((event) => event === '/w/patch.yaml: '), events.join('\n'));
});

test('reading a folder again takes nothing back meanwhile', async () => {
  const { events, session, open } = started({ '/w/entry.yaml': entry, '/w/namespace.yaml': namespace });
  open('/w/entry.yaml', entry);
  await session.start(['file:///w']);
  const before = events.length;
  await session.changedOnDisk(['file:///w/.istio-egress.yaml'], () => true);
  const again = events.slice(before).filter((event) => event.startsWith('/w/entry.yaml'));
  assert.deepEqual(
    new Set(again),
    new Set(['/w/entry.yaml: unknown-field plaintext-to-tls-port unused-suppression']),
    events.join('\n'),
  );
});

test('a reading that takes long says once where it is', async () => {
  let seconds = 0;
  const used = () => ({ seconds: (seconds += 6), gigabytes: 0.5 });
  const texts = { '/w/a.yaml': entry, '/w/b.yaml': namespace, '/w/c.yaml': namespace, '/w/d.yaml': namespace };
  const { events, session } = started(texts, used);
  await session.start(['file:///w']);
  const told = () => events.filter((event) => event.includes('processor time')).map((event) => event.split(' s of')[0]);
  const [first = '', ...others] = told();
  assert.match(first, /^reading file:\/\/\/w, at file:\/\/\/w\/[abcd]\.yaml, goes on after \d+$/);
  assert.deepEqual(others, []);
});

test('the findings of many files are told a few at a time', async () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`/w/entry-${i}.yaml`, entry]));
  const { events, session } = started(many);
  await session.start(['file:///w']);
  const told = events.filter((event) => event.startsWith('/w/'));
  assert.equal(new Set(told).size, 3000);
  assert.equal(told.length, 3000);
  const between = events.slice(
    events.findIndex((event) => event.startsWith('/w/')),
    events.findLastIndex((event) => event.startsWith('/w/')),
  );
  assert.ok(between.includes('pause'));
});
