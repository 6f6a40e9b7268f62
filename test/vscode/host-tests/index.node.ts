// What the editor calls (extensionTestsPath) in a Node extension host, desktop or remote.
import Mocha from 'mocha';
import { report } from './report.ts';

export async function run(): Promise<void> {
  // TESTS=PATTERN runs only those whose titles fit.
  const only = process.env['TESTS'];
  const mocha = new Mocha({
    ui: 'tdd',
    bail: true,
    timeout: 120_000,
    ...(only !== undefined && { grep: only }),
    reporter: class extends Mocha.reporters.Base {},
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./story.suite.ts');
  await import('./answers.suite.ts');
  // Before the view's, which opens every file: what an editor has is not read from the disk.
  await import('./node.suite.ts');
  await import('./view.suite.ts');
  await import('./cluster.suite.ts');
  await import('./live.suite.ts');
  await import('./beside-yaml.suite.ts');
  await report((done) => mocha.run(done));
}
