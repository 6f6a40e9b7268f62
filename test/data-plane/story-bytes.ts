// The story's two requests through the waypoint that its files make: what the bytes do, and whether traces say the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { meshFromYaml } from '../kit/mesh-from-yaml.ts';
import { ask, asStored } from '../oracle/ask.ts';
import type { Sample } from '../oracle/generate.ts';
import type { Manifest } from '../oracle/manifests.ts';
import type { Answer } from './messages.ts';
import type { Network } from './network.ts';
import { asked, inForce, plainCall, type Place } from './questions.ts';
import { runQuestions } from './run-mesh.ts';

export interface StoryBytes {
  /** `GET 200 httpbin.org:443 in TLS`, or what came of it; `past the waypoint` where no waypoint is bound. */
  readonly get: string;
  readonly post: string;
  readonly differences: readonly string[];
  readonly lines: readonly string[];
}

const host = 'httpbin.org';
const client = 'default';

/** `at`: where the client calls. */
export async function storyBytes(
  network: Network,
  oracle: string,
  folder: string,
  at: Pick<Place, 'port' | 'scheme'>,
): Promise<StoryBytes> {
  const sample = inForce({ manifests: manifestsOf(folder), calls: [] });
  const [report] = await ask(oracle, [sample], { raw: true });
  const { mesh } = meshFromYaml(sample.manifests.map((one) => JSON.stringify(one)).join('\n---\n'));
  const found = report!.hosts.find((one) => one.host === host && !one.error?.startsWith('shadowed'));
  if (!found?.waypoint) return { get: past, post: past, differences: [], lines: [] };
  const waypoint = report!.waypoints.find((one) => one.waypoint === found.waypoint);
  const chains = (waypoint?.ports ?? []).filter(({ chain }) => chain.startsWith(`inbound-vip|${at.port}|`));
  const place: Place = { client, name: host, ...at, host: found, chains, isQuiet: false };
  const questions = ['GET', 'POST'].flatMap((method) =>
    asked(mesh, place, { ...call, method, path: `/${method.toLowerCase()}` }).filter(({ variant }) => !variant),
  );
  const result = await runQuestions(network, folder, report!, { mesh, questions });
  const [get, post] = result.answers;
  return { get: wordsOf(get), post: wordsOf(post), differences: result.differences, lines: result.lines };
}

const past = 'past the waypoint';
const call: Sample['calls'][number] = { ...plainCall, namespace: client };

/** Files of the folder, as an API server would have them; of one that is there twice, the last. */
function manifestsOf(folder: string): readonly Manifest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'));
  const all = files.flatMap((name) =>
    parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => document.toJS() as Manifest | null),
  );
  const byName = new Map<string, Manifest>();
  for (const one of all) {
    if (!one?.['kind'] || !one['apiVersion']) continue;
    const { name, namespace } = one['metadata'] as Readonly<Record<string, string>>;
    byName.set(JSON.stringify([one['kind'], namespace, name]), asStored(one));
  }
  return [...byName.values()];
}

function wordsOf(answer: Answer | undefined): string {
  if (!answer) return 'ztunnel closes';
  const { ended, status, arrivals } = answer;
  const site = arrivals.find(({ request }) => request);
  const reached = site ? ` ${site.host}:${site.port} in ${site.layers > 0 ? 'TLS' : 'plaintext'}` : '';
  return `${status ?? ended}${reached}`;
}
