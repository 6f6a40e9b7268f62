// The commands of the command line, for the arguments of this process.
import manifest from '../../package.json' with { type: 'json' };
import { toolServer } from './cli/mcp/answer-tool.ts';
import { run } from './cli/run.ts';
import { visibleNote } from './cli/visible-host.ts';
import { cliHost } from './host/node/cli-host.ts';
import { nodeFiles } from './host/node/files.ts';
import { heldNow, usedNow } from './host/node/long-run-note.ts';
import { writeTo } from './host/node/output.ts';
import { documentRules, pages, rules } from './rules/index.gen.ts';

/** Loaded only when asked for: the protocol library costs half of a short run's start. */
function startServing(): void {
  import('./main-node.ts').catch(fail);
}

function fail(error: unknown): void {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeTo(2, visibleNote(`istio-egress: ${why}\n`));
  process.exitCode = 1;
}

function end(code: number | undefined): void {
  if (code !== undefined) process.exitCode = code;
}

async function serveTools(roots: readonly string[]): Promise<number> {
  const server = toolServer({ host, files: nodeFiles(), book, used: usedNow, held: heldNow, roots });
  const { serveTools: serveOver } = await import('./main-mcp.ts');
  await serveOver(server, manifest.version);
  return 0;
}

const book = { rules, documentRules, pages };
const host = cliHost(manifest.version, { homepage: manifest.homepage, startServer: startServing, serveTools });
const code = run(process.argv.slice(2), host, book);
if (code instanceof Promise) code.then(end, fail);
else end(code);
