// Edits and their diagnostics, beside an echo server and yaml-language-server: G1 to G8. Each server has the same files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EditorClient } from './editor/editor-client.ts';
import { peerSettings } from './editor/peer-settings.ts';
import { bundled } from './kit/bundle.ts';
import { oneFile, writeCorpus } from './kit/corpus.ts';
import { inFolder } from './kit/folder.ts';
import { packaged } from './kit/product.ts';
import { median, number, percentile, type Row, type TargetId, type Topic } from './kit/report.ts';
import { editedFile, keystrokes, typed, type Edited, type Waits } from './typing/keystrokes.ts';

const frameMs = 16;
const groupsOf = { '156': 2, '2000': 25, '5 MB': 2900 } as const;
type Size = keyof typeof groupsOf;

interface Servers {
  readonly ours: readonly string[];
  readonly echo: readonly string[];
  readonly peer: readonly string[];
  readonly hastyPeer: readonly string[];
}

export const measureTyping: Topic = ({ quick }, tell) =>
  inFolder(async (home) => {
    const [files, edits, peerEdits] = quick ? [500, 150, 20] : [25_000, 1000, 60];
    const [large, small] = [folderOf(home, 'large', files), folderOf(home, 'small', 2)];
    const five = join(home, 'five');
    mkdirSync(five);
    writeFileSync(join(five, editedFile('5 MB')), oneFile(groupsOf['5 MB']));
    const peer = resolve('node_modules/yaml-language-server/bin/yaml-language-server');
    const servers: Servers = {
      ours: [await packaged(home), 'lsp', '--stdio'],
      echo: [await bundled('typing/echo-server.ts', home)],
      peer: [peer, '--stdio'],
      hastyPeer: ['--require', resolve('test/bench/typing/no-delay.cjs'), peer, '--stdio'],
    };
    const where = `${(files * 4).toLocaleString('en')} resources`;
    await whileReading(servers.ours, large, tell, where);
    const ours = await start(servers.ours, large, true);
    const inSmall = await start(servers.ours, small, true);
    const waits = new Map<string, Waits>();
    const measure = async (name: string, editor: EditorClient, folder: string, size: Size, count: number) =>
      waits.set(`${name} ${size}`, await keystrokes(editor, editedIn(folder, size), count));
    const runs: Waits[] = [];
    for (let i = 0; i < 3; i++) runs.push(await keystrokes(ours, editedIn(large, '2000'), edits));
    await measure('ours', ours, large, '156', edits);
    await measure('ours', ours, large, '2000', edits);
    await measure('small', inSmall, small, '156', edits);
    if (!quick) {
      const inFive = await start(servers.ours, five, true);
      await measure('ours', inFive, five, '5 MB', edits);
      await inFive.stop();
    }
    for (const [name, count] of [
      ['echo', edits],
      ['peer', peerEdits],
      ['hastyPeer', peerEdits],
    ] as const) {
      const editor = await start(servers[name], small, false, peerSettings(small, '*/edited-*.yaml'));
      for (const size of ['156', '2000'] as const) await measure(name, editor, small, size, count);
      if (name === 'peer' && !quick) await measure(name, editor, five, '5 MB', 4);
      await editor.stop();
    }
    const p99s = runs.map(({ processor, wall }) => percentile(processor ?? wall, 99));
    const walls = runs.map(({ wall }) => number(percentile(wall, 99))).join(', ');
    tell({
      id: 'G1 p99',
      measured: Math.max(...p99s),
      note: `processor time, worst of 3 runs; wall ${walls} ms; ${where}`,
    });
    tell({ id: 'G1 median', measured: median(p99s), note: 'processor time' });
    const p50 = (name: string) => percentile(waits.get(name)?.wall ?? [], 50);
    const ratio = (id: TargetId, a: string, b: string): Row =>
      waits.has(a) && waits.has(b)
        ? { id, measured: p50(a) / p50(b), note: `${number(p50(a))} ms for ${number(p50(b))} ms of wall time` }
        : { id, measured: undefined, note: 'not with --quick' };
    tell(ratio('G2', 'ours 2000', 'echo 2000'));
    for (const size of ['156', '2000', '5 MB'] as const) tell(ratio(`G3 ${size}`, `peer ${size}`, `ours ${size}`));
    for (const size of ['156', '2000'] as const) tell(ratio(`G4 ${size}`, `hastyPeer ${size}`, `ours ${size}`));
    const large5 = waits.get('ours 5 MB');
    tell(
      large5
        ? {
            id: 'G5',
            measured: percentile(large5.processor ?? large5.wall, 99),
            note: `processor time; wall ${number(percentile(large5.wall, 99))} ms`,
          }
        : { id: 'G5', measured: undefined, note: 'not with --quick' },
    );
    tell(ratio('G6 folder', 'ours 156', 'small 156'));
    tell(ratio('G6 lines', 'ours 2000', 'ours 156'));
    for (const ms of [80, 150] as const) {
      const times = await typed(ours, editedIn(large, '156'), { ms, count: quick ? 60 : 300 });
      const answered = (100 * times.filter((time) => time <= frameMs).length) / times.length;
      tell({ id: `G7 ${ms}`, measured: answered, note: `wall time, p50 ${number(median(times))} ms` });
    }
    await ours.stop();
    await inSmall.stop();
  });

function folderOf(home: string, name: string, files: number): string {
  const folder = join(home, name);
  mkdirSync(folder);
  writeCorpus(folder, 'relevant', files);
  for (const size of ['156', '2000'] as const) writeFileSync(join(folder, editedFile(size)), oneFile(groupsOf[size]));
  return folder;
}

function editedIn(folder: string, size: Size): Edited {
  const path = join(folder, editedFile(size));
  return { uri: pathToFileURL(path).href, text: readFileSync(path, 'utf8') };
}

function start(
  command: readonly string[],
  folder: string,
  isOurs: boolean,
  settings?: Readonly<Record<string, unknown>>,
): Promise<EditorClient> {
  return EditorClient.start({
    command: [process.execPath, ...command],
    folder: pathToFileURL(folder).href,
    ...(isOurs ? { ready: 'all files are read' } : {}),
    ...(settings ? { settings } : {}),
  });
}

/** From the first diagnostics until all files are read. */
async function whileReading(
  command: readonly string[],
  folder: string,
  tell: (row: Row) => void,
  where: string,
): Promise<void> {
  const editor = await start(command, folder, false);
  let isRead = false;
  const read = editor.logged('all files are read').then(() => (isRead = true));
  const waits = await keystrokes(editor, editedIn(folder, '156'), Infinity, () => isRead);
  await read;
  await editor.stop();
  const { wall, processor } = waits;
  const note = `wall time of ${wall.length} edits, p50 ${number(median(wall))} ms, processor p99 ${number(percentile(processor ?? [], 99))} ms; ${where}`;
  tell({ id: 'G8', measured: percentile(wall, 99), note });
}
