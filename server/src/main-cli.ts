#!/usr/bin/env node
// The command line as a process. Says its version without loading anything else, and keeps what V8 compiles for the next run.
import manifest from '../../package.json' with { type: 'json' };
import { versionText } from './cli/version-text.ts';
import { keepCompiled } from './host/node/keep-compiled.ts';
import { watchStreams, writeTo } from './host/node/output.ts';

watchStreams();

const [word, ...others] = process.argv.slice(2);
if (others.length === 0 && (word === '--version' || word === 'version')) writeTo(1, versionText(manifest.version));
else {
  keepCompiled(word ?? 'check');
  start().catch((error: unknown) => {
    writeTo(2, `istio-egress: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  });
}

/** The language server as editors call it needs none of the commands. */
function start(): Promise<unknown> {
  const isServer = word === 'lsp' && others.length === 1 && others[0] === '--stdio';
  return isServer ? import('./main-node.ts') : import('./main-commands.ts');
}
