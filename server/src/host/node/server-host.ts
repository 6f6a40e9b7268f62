// The Node host of the language server.
import type { ServerHost } from '../../lsp/server.ts';
import { nodeFiles, pathOfUri } from './files.ts';
import { nodeGit } from './git.ts';
import { usedNow } from './long-run-note.ts';
import { nodeRenderer } from './renderer.ts';

export function serverHost(): Pick<ServerHost, 'files' | 'pathOf' | 'pause' | 'today' | 'renderer' | 'git' | 'used'> {
  return {
    files: nodeFiles(),
    pathOf: pathOfUri,
    renderer: nodeRenderer(),
    git: nodeGit,
    used: usedNow,
    today: () => new Date().toISOString().slice(0, 10),
    // A message is received in one turn of Node's loop and handled in the next, and an answer leaves in the one after.
    pause: async () => {
      for (let turn = 0; turn < 3; turn++) await new Promise<void>((resume) => setImmediate(resume));
    },
  };
}
