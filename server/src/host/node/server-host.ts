// The Node host of the language server.
import type { ServerHost } from '../../lsp/server.ts';
import { nodeFiles, pathOfUri } from './files.ts';
import { nodeRenderer } from './renderer.ts';

export function serverHost(): Pick<ServerHost, 'files' | 'pathOf' | 'pause' | 'renderer'> {
  return {
    files: nodeFiles(),
    pathOf: pathOfUri,
    renderer: nodeRenderer(),
    pause: () => new Promise((resume) => setImmediate(resume)),
  };
}
