// What the Kubernetes extension may answer, or not: its API has versions, and any of it can fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubeconfigFrom } from '../../../client/src/cluster/kubernetes-extension-path.ts';

const broker = (answer: unknown) => ({
  get: (component: string, version: string) =>
    component === 'configuration' && version === 'v1' ? answer : { available: false, reason: 'version-unknown' },
});
const api = (path: unknown) => broker({ available: true, api: { getKubeconfigPath: () => path } });

test('the path that it works with', () => {
  assert.equal(kubeconfigFrom(api({ pathType: 'host', hostPath: '/home/me/.kube/config' })), '/home/me/.kube/config');
});

for (const [why, given] of Object.entries({
  'is not there': undefined,
  'exports nothing': {},
  'exports null': null,
  'is too old': broker({ available: false, reason: 'version-unknown' }),
  'works in WSL': api({ pathType: 'wsl', wslPath: '/mnt/c/config' }),
  'says nothing': api(undefined),
  'says an empty path': api({ pathType: 'host', hostPath: '' }),
  fails: {
    get: () => {
      throw new Error('not ready');
    },
  },
})) {
  test(`nothing where it ${why}`, () => assert.equal(kubeconfigFrom(given), undefined));
}
