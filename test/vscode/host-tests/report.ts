import * as vscode from 'vscode';

/** One line a test on the console, which the runner passes on. Throws when anything failed: that is how an exit code gets out. */
export async function report(run: (done: () => void) => Mocha.Runner): Promise<void> {
  let passed = 0;
  let failed = 0;
  say(
    `VS Code ${vscode.version} (${vscode.env.appName}), ${typeof process === 'undefined' ? 'web worker' : `Node ${process.versions.node}`}`,
  );
  await new Promise<void>((resolve) => {
    run(resolve)
      .on('pass', (test) => {
        passed++;
        say(`ok ${test.fullTitle()} (${test.duration} ms)`);
      })
      .on('fail', (test, error: unknown) => {
        failed++;
        say(`NOT OK ${test.fullTitle()}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
  });
  say(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) throw new Error(`${failed} failed, ${passed} passed`);
}

export function say(line: string): void {
  console.log(`[test] ${line}`);
}
