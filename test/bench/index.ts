// The cold index against a bare read of the same files, and index with all checks against istioctl analyze: G9 to G12.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { peers } from '../kit/peers.ts';
import { bundled } from './kit/bundle.ts';
import { writeCorpus, type Corpus } from './kit/corpus.ts';
import { inFolder } from './kit/folder.ts';
import { run } from './kit/processes.ts';
import { median, number, type Topic } from './kit/report.ts';

interface Work {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly bytes: number;
  readonly resources: number;
}

export const measureIndex: Topic = ({ quick }, tell) =>
  inFolder(async (home) => {
    const [files, rounds] = quick ? [2000, 3] : [10_000, 5];
    const script = await bundled('index/work.ts', home);
    const work = (stage: 'read' | 'index' | 'check', folder: string): Work =>
      JSON.parse(run(process.execPath, [script, stage, folder]).stdout) as Work;
    for (const corpus of ['mixed', 'relevant'] satisfies Corpus[]) {
      const folder = join(home, corpus);
      mkdirSync(folder);
      writeCorpus(folder, corpus, files);
      work('read', folder); // so that all files are in memory
      const runs = Array.from({ length: rounds }, () => [work('read', folder), work('index', folder)] as const);
      const [read, index] = [0, 1].map((side) => median(runs.map((pair) => pair[side]!.cpuMs))) as [number, number];
      const { bytes, resources } = runs[0]![1];
      const note = `${number(index)} ms for ${number(read)} ms, ${files.toLocaleString('en')} files, ${resources.toLocaleString('en')} resources`;
      tell({ id: `G9 ${corpus}`, measured: median(runs.map(([a, b]) => b.cpuMs / a.cpuMs)), note });
      tell({ id: `G11 ${corpus}`, measured: bytes / 1e6 / (index / 1000), note: `${number(bytes / 1e6)} MB` });
    }
    const folder = join(home, 'relevant');
    tell({ id: 'G10', ...(await fromDisk(folder, work)) });
    tell({ id: 'G12', ...againstIstioctl(folder, work) });
  });

/** The system forgets the files' bytes before each run; only Linux can be told to, here by Python. */
async function fromDisk(folder: string, work: (stage: 'read' | 'index', folder: string) => Work) {
  const script = `import os,sys
for d,_,names in os.walk(sys.argv[1]):
  for n in names:
    f=os.open(os.path.join(d,n),os.O_RDONLY); os.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED); os.close(f)`;
  const forget = (): boolean =>
    spawnSync('sync').status === 0 && spawnSync('python3', ['-c', script, folder]).status === 0;
  if (!forget()) return { measured: undefined, note: 'needs Linux and python3' };
  const read = work('read', folder).wallMs;
  forget();
  const index = work('index', folder).wallMs;
  return { measured: index / read, note: `${number(index)} ms for ${number(read)} ms of wall time, one run` };
}

function againstIstioctl(folder: string, work: (stage: 'check', folder: string) => Work) {
  const found = peers('istioctl');
  if (!found.available) return { measured: undefined, note: found.why };
  const ours = work('check', folder).cpuMs;
  const theirs = run(found.bin('istioctl'), ['analyze', '--use-kube=false', '-A', folder]).cpuMs;
  return { measured: theirs / ours, note: `${number(theirs)} ms for ${number(ours)} ms` };
}
