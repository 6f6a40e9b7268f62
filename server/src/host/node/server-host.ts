// The process around the language server.
import { folderReader } from '../../engine/folder-reader.ts';
import type { ServerHost } from '../../lsp/server.ts';
import { nodeFiles, pathOfUri } from './files.ts';

export function serverHost(): Pick<ServerHost, 'reader' | 'readText' | 'pause'> {
  const files = nodeFiles();
  return {
    reader: folderReader(files, pathOfUri),
    readText(uri) {
      const path = pathOfUri(uri);
      const read = path === undefined ? undefined : files.read(path);
      return read?.ok ? read.text : undefined;
    },
    pause: () => new Promise((resume) => setImmediate(resume)),
  };
}
