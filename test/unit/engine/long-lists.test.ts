// Lists that are too long for the arguments of a call: V8 takes some 120,000.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import { subjectAt } from '../../../server/src/features/navigation/references.ts';
import { hostsBehind } from '../../../server/src/rules/shared/hosts-behind.ts';
import { scanWorkspace } from '../../../server/src/sources/workspace-files.ts';
import { memoryFiles } from '../sources/sources-kit.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const many = 150_000;
const names = Array.from({ length: many }, (_, at) => `h${at}.io`);
const uri = 'file:///a.yaml';
const port = '  ports: [{ number: 80, name: http, protocol: HTTP }]\n';
const text = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec:
  resolution: DNS
${port}  hosts: [${names.join(',')}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api, namespace: shop }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }], rules: [{}] }
`;

test('an entry of very many hosts: what its port names, and what its policy is for', () => {
  const workspace = newWorkspace();
  workspace.setFile(uri, text);
  const host = { textOf: () => text };
  const subject = subjectAt({ workspace, host, uri }, text.indexOf('80,'));
  assert.equal(subject?.entities.length, many);
  const [policy] = workspace.writtenMesh.all('AuthorizationPolicy');
  assert.equal(hostsBehind(workspace.writtenMesh, policy!)?.length, many);
});

test('a folder of very many files', () => {
  const files = memoryFiles(Object.fromEntries(names.map((name) => [`/w/${name}.yaml`, ''])));
  assert.equal(drained(scanWorkspace(files, ['/w'])).manifests.length, many);
});
