// The language server without a host. Bundled once, for the process and the browser's worker both: see `server/build/bundles.ts`.
import manifest from '../../package.json' with { type: 'json' };
import { startServer, type ServerHost } from './lsp/server.ts';
import { documentRules, pages, rules } from './rules/index.gen.ts';

export function serve(
  connection: Parameters<typeof startServer>[0],
  host: Omit<ServerHost, 'rules' | 'pages' | 'version'>,
): void {
  startServer(connection, {
    rules: { rules, documentRules },
    pages,
    version: manifest.version,
    ...host,
  });
}
