// What is kept in memory for closed files, by the heap's own statistics, and the memory of a server: G14.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EditorClient } from './editor/editor-client.ts';
import { bundled } from './kit/bundle.ts';
import { writeCorpus } from './kit/corpus.ts';
import { inFolder } from './kit/folder.ts';
import { run } from './kit/processes.ts';
import { packaged } from './kit/product.ts';
import { number, type Topic } from './kit/report.ts';

interface Kept {
  readonly resources: number;
  readonly index: number;
  readonly checked: number;
}

export const measureMemory: Topic = ({ quick }, tell) =>
  inFolder(async (home) => {
    const files = quick ? 1000 : 25_000;
    const folder = join(home, 'relevant');
    mkdirSync(folder);
    writeCorpus(folder, 'relevant', files);
    const script = await bundled('memory/kept.ts', home);
    const kept = JSON.parse(run(process.execPath, ['--expose-gc', script, folder]).stdout) as Kept;
    const note = `${kept.resources.toLocaleString('en')} resources`;
    tell({ id: 'G14 heap', measured: kept.index / kept.resources, note });
    tell({ id: 'G14 checked', measured: kept.checked / kept.resources, note });
    const server = await EditorClient.start({
      command: [process.execPath, await packaged(home), 'lsp', '--stdio'],
      folder: pathToFileURL(folder).href,
      ready: 'all files are read',
    });
    const bytes = server.memory();
    await server.stop();
    tell({
      id: 'G14 server',
      measured: bytes === undefined ? undefined : bytes / 1e6,
      note: bytes === undefined ? 'only Linux tells it' : `resident, ${number(kept.resources)} resources`,
    });
  });
