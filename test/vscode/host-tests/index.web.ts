// What the editor calls (extensionTestsPath) in the web worker's extension host.
import 'mocha/mocha.js';
import { report } from './report.ts';

declare const mocha: BrowserMocha;

export async function run(): Promise<void> {
  mocha.setup({ ui: 'tdd', bail: true, timeout: 120_000, reporter: class {} as never });
  await import('./story.suite.ts');
  await import('./answers.suite.ts');
  await import('./view.suite.ts');
  await import('./web.suite.ts');
  await report((done) => mocha.run(done));
}
