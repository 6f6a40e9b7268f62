// Runs host-tests/ inside the editor's real extension host: Node's, or with --web the browser's worker. Ends with the suite's exit code.
import { join } from 'node:path';
import { format } from 'node:util';
import { peers, startCluster } from '../kit/peers.ts';
import { loadWebExtension, serveFolder, startBrowser } from './browser.ts';
import { linkStandIn, makeHome, root, startEditor, workbench } from './code-server.ts';

const web = process.argv.includes('--web');
const limitMs = 600_000;
const home = makeHome({ workspace: join(root, 'examples') });
if (!web) linkStandIn(home, 'red-hat-yaml');
const started: { stop: () => unknown }[] = [{ stop: home.drop }];
let code = 1;
try {
  const editor = await startEditor(home, { extensionTests: true, env: web ? {} : await cluster() });
  started.unshift(editor);
  const browser = await startBrowser();
  started.unshift({ stop: () => browser.close() });
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const done = new Promise<number>((ended, failed) => {
    void page.exposeFunction('codeAutomationExit', ended);
    void page.exposeFunction('codeAutomationLog', (type: string, words: readonly unknown[]) =>
      say(type, format(...words)),
    );
    page.on('crash', () => failed(new Error('the page crashed')));
    if (process.env['VERBOSE'])
      page.on('console', (message) => console.log(`  | page ${message.type()}: ${message.text()}`));
    setTimeout(() => failed(new Error(`no end after ${limitMs / 1000} s\n${editor.log()}`)), limitMs).unref();
  });
  if (web) {
    const files = await serveFolder(root);
    started.unshift({ stop: files.close });
    await loadWebExtension(page, files.port, 'out/host-web/index.cjs');
    await page.goto(workbench(editor, home.workspace));
  } else {
    const at = (path: string) => `vscode-remote://${editor.host}${join(root, path)}`;
    await page.goto(
      workbench(editor, home.workspace, [
        ['extensionDevelopmentPath', at('.')],
        ['extensionTestsPath', at('out/host/index.cjs')],
      ]),
    );
  }
  code = await done;
} catch (error) {
  console.error(error);
} finally {
  for (const { stop } of started) await stop();
}
process.exit(code);

/** Where the suites find a cluster of their own; none where its programs are not there. */
async function cluster(): Promise<NodeJS.ProcessEnv> {
  const found = peers();
  if (!found.available) {
    console.log(`SKIPPED: the editor's side of a real cluster (${found.why})`);
    return {};
  }
  const running = await startCluster();
  started.unshift(running);
  return { ISTIO_EGRESS_TEST_KUBECONFIG: running.kubeconfig, ISTIO_EGRESS_TEST_KUBECTL: running.tools.kubectl };
}

/** The suite's own lines; everything with VERBOSE. */
function say(type: string, line: string): void {
  if (line.startsWith('[test] ')) console.log(line.slice(7));
  else if (process.env['VERBOSE']) console.log(`  | ${type}: ${line}`);
}
