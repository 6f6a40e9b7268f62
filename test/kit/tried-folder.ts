// A folder of manifests as the command line reads it, for trying its fixes.
import { shippedRules } from '../../server/src/engine/analyze.ts';
import { parseArguments } from '../../server/src/cli/args.ts';
import { load } from '../../server/src/cli/load.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { triedMesh, type TriedMesh } from './try-fixes.ts';
import { noServers } from './no-servers.ts';

export function triedFolder(folder: string): TriedMesh {
  const host = cliHost('0', noServers);
  const { workspace, textOf } = load(parseArguments(['fix', folder]), host, shippedRules);
  return triedMesh(workspace, new Map([...workspace.uris].map((uri) => [uri, textOf(uri) ?? ''])));
}
