// npm run lint: the formatter's check, the linter, and what no one uses. All run, so that one look shows everything; any of them may fail.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { node, root, withOwnNode } from '../client/dev/prepare.mjs';

const tools = [
  ['@biomejs/biome/bin/biome', 'format', '.'],
  [
    'oxlint/bin/oxlint',
    '--type-aware',
    '--tsconfig',
    'tsconfig.json',
    '--deny-warnings',
    '--report-unused-disable-directives',
  ],
  ['knip/bin/knip.js'],
];
const codes = tools.map(([program, ...args]) => {
  const options = { cwd: root, env: withOwnNode(), stdio: 'inherit' };
  return spawnSync(node, [join(root, 'node_modules', program), ...args], options).status;
});
process.exit(codes.every((code) => code === 0) ? 0 : 1);
