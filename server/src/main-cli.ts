#!/usr/bin/env node
// The command line as a process. Says its version without loading anything else, and keeps what V8 compiles for the next run.
import manifest from '../../package.json' with { type: 'json' };
import { versionText } from './cli/version-text.ts';
import { keepCompiled } from './host/node/keep-compiled.ts';

/** They print as long as someone reads: whoever reads may have had enough, as `head` has. A report that is cut has to fail. */
const isStream = ['log', 'lsp', 'mcp'].includes(process.argv[2] ?? '');

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  const isClosed = error.code === 'EPIPE';
  if (isClosed && isStream) process.exit();
  const why = isClosed ? 'the reader closed the pipe before all output was written' : error.message;
  process.stderr.write(`istio-egress: cannot write to standard output: ${why}\n`);
  process.exit(2);
});
process.stderr.on('error', () => process.exit(2));

const [word, ...others] = process.argv.slice(2);
if (others.length === 0 && (word === '--version' || word === 'version'))
  process.stdout.write(versionText(manifest.version));
else {
  keepCompiled(word ?? 'check');
  start().catch((error: unknown) => {
    process.stderr.write(`istio-egress: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  });
}

/** The language server as editors call it needs none of the commands. */
function start(): Promise<unknown> {
  const isServer = word === 'lsp' && others.length === 1 && others[0] === '--stdio';
  return isServer ? import('./main-node.ts') : import('./main-commands.ts');
}
