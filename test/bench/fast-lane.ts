// The fast parser on the YAML of Istio's own repository: what it reads, and whether that is what `yaml` reads: G15.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';
import { parseFast } from '../../server/src/yaml/fast.ts';
import { parseFull } from '../../server/src/yaml/full.ts';
import type { Topic } from './kit/report.ts';

export const measureFastLane: Topic = async ({ quick }, tell) => {
  const folder = istioModule();
  if (folder === undefined) {
    const note = 'the module istio.io/istio is not on this machine: go mod download in test/peers';
    tell({ id: 'G15 differences', measured: undefined, note });
    tell({ id: 'G15 coverage', measured: undefined, note });
    return;
  }
  const files = globSync('{samples,pilot,pkg,releasenotes,tests,tools}/**/*.yaml', { cwd: folder });
  let [documents, read, different] = [0, 0, 0];
  for (const [i, name] of files.entries()) {
    if (quick && i % 10 !== 0) continue;
    for (const { text } of splitDocuments(readFileSync(join(folder, name), 'utf8'))) {
      if (text.includes('{{')) continue;
      documents++;
      const fast = parseFast(text);
      if (!fast) continue;
      read++;
      if (!isDeepStrictEqual(fast, parseFull(text))) different++;
    }
  }
  const note = `${documents.toLocaleString('en')} documents of ${folder.replace(/^.*istio\.io\//, '')}`;
  tell({ id: 'G15 differences', measured: different, note });
  tell({ id: 'G15 coverage', measured: (100 * read) / documents, note });
};

function istioModule(): string | undefined {
  const { stdout } = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], {
    cwd: 'test/peers',
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off' },
  });
  const folder = (stdout ?? '').trim();
  return folder !== '' && existsSync(folder) ? folder : undefined;
}
