// npm start: installs what is missing, builds, and opens VS Code with the extension and the story. --desktop (or ISTIO_EGRESS_DESKTOP=1) takes the VS Code that is installed.
// The story is a copy with one fault to repair, and the walkthrough beside it. A folder as argument is opened instead; PORT chooses the port.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installEditor, installPackages, must, node, onPath, root, withOwnNode } from './prepare.mjs';

installPackages();
must('The build', node, [join(root, 'server/build/esbuild.mjs')], {
  env: withOwnNode(),
  stdio: ['ignore', 'ignore', 'inherit'],
});

const words = process.argv.slice(2);
const given = words.find((word) => !word.startsWith('--'));
const folder = given ?? brokenStory();
console.log('\nWhat `istio-egress check` says of what you will see:');
const checked = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'check', folder], {
  cwd: root,
  stdio: 'inherit',
});
if (checked.status === 2) process.exit(2);

if (words.includes('--desktop') || process.env.ISTIO_EGRESS_DESKTOP === '1') {
  const code = process.env.VSCODE_EXECUTABLE ?? 'code';
  if (!process.env.VSCODE_EXECUTABLE && !onPath(code)) {
    console.error('There is no "code" on the PATH. Set VSCODE_EXECUTABLE, or leave --desktop out.');
    process.exit(1);
  }
  // As client/src/reload-file.ts names it.
  const env = given === undefined ? { ...process.env, ISTIO_EGRESS_WELCOME: '1' } : process.env;
  must('VS Code', code, ['--new-window', '--extensionDevelopmentPath', root, folder], { env });
} else {
  installEditor();
  must(
    'VS Code',
    node,
    [join(root, 'client/dev/serve.ts'), folder, ...(given === undefined ? [placeOfFinding()] : [])],
    { env: withOwnNode() },
  );
}

/** `FILE:LINE:COLUMN` of the port of the ServiceEntry that plain HTTP goes to: the one finding of the story. */
function placeOfFinding() {
  const file = join(folder, 'service-entry.yaml');
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('targetPort: '));
  return `${file}:${line + 1}:${lines[line].indexOf(': ') + 3}`;
}

/** A copy of the story in which the waypoint does not originate TLS: plain HTTP goes to port 443. */
function brokenStory() {
  const copy = join(root, 'out/story');
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(root, 'examples'), copy, { recursive: true });
  const rule = join(copy, 'destination-rule.yaml');
  writeFileSync(rule, readFileSync(rule, 'utf8').replace(/^ {2}trafficPolicy:[\s\S]*$/m, ''));
  return copy;
}
