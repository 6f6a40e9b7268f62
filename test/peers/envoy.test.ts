// Envoy out of its wheel: the version that is asked for, in a network of its own where every address answers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { envoyVersion } from './envoy.ts';

const found = envoy();

test('Envoy runs, and knows internal listeners', { skip: found.available ? false : found.why }, () => {
  assert.ok(found.available);
  assert.match(execFileSync(found.bin, ['--version'], { encoding: 'utf8' }), new RegExp(`/${envoyVersion}/`));
  const internal = 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
  const config = {
    node: { id: 'test', cluster: 'test' },
    bootstrap_extensions: [{ name: 'envoy.bootstrap.internal_listener', typed_config: { '@type': internal } }],
  };
  const args = ['--mode', 'validate', '--config-yaml', JSON.stringify(config)];
  assert.match(execFileSync(found.bin, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }), /OK/);
});
