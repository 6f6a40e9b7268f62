// The build of the real programs (test/peers), beside the suites that do not need them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root } from '../../client/dev/prepare.mjs';
import { env } from './results.mjs';

const needed = 'everything that needs the real istioctl, API server and istiod';

/**
 * Starts the build at the lowest priority; what is built already is not built again. `ready()` waits for its end, tells the results
 * once what came of it, and says whether the programs can be used.
 */
export function startPeersBuild(results) {
  let ended = false;
  const build = run().then((status) => {
    ended = true;
    return status;
  });
  let answer;
  return {
    ready() {
      if (!ended)
        console.log('Waiting for the build of the real programs. If it is stopped, the next run continues it.');
      answer ??= build.then((status) => tell(results, status));
      return answer;
    },
  };
}

function run() {
  if (process.platform === 'win32') return Promise.resolve('posix');
  return new Promise((done) => {
    const words = [join(root, 'test/peers/build.ts'), '--background'];
    const child = spawn(node, words, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const stop = () => child.kill();
    process.on('exit', stop);
    child.on('error', () => done(1));
    child.on('close', (code) => {
      process.off('exit', stop);
      done(code);
    });
  });
}

function tell(results, status) {
  if (status === 3) results.skip(`${needed}: Go is not installed`);
  else if (status === 'posix') results.skip(`${needed}: they need a POSIX system`);
  else if (status !== 0) {
    console.error('The peers could not be built; the lines that begin with "peers" say where it stopped.');
    results.failed++;
  }
  return status === 0;
}
