// The process around the language server.
import type { ServerHost } from '../../lsp/server.ts';
import { nodeFiles, pathOfUri } from './files.ts';

export function serverHost(): Pick<ServerHost, 'files' | 'pathOf' | 'pause'> {
  return { files: nodeFiles(), pathOf: pathOfUri, pause: () => new Promise((resume) => setImmediate(resume)) };
}
