// Starts of programs, each beside its peer in turns: G13, the version, and the check of the story.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { peers } from '../kit/peers.ts';
import { bundled } from './kit/bundle.ts';
import { inFolder } from './kit/folder.ts';
import { run, startAndEnd, timeToInitialize } from './kit/processes.ts';
import { packaged } from './kit/product.ts';
import { median, number, type Topic } from './kit/report.ts';

export const measureStarts: Topic = ({ quick }, tell) =>
  inFolder(async (home) => {
    const rounds = quick ? 7 : 15;
    const node = process.execPath;
    const cli = await packaged(home);
    const raw = await bundled('typing/raw-server.ts', home);
    const peer = resolve('node_modules/yaml-language-server/bin/yaml-language-server');
    const initialize: { ours: number; raw: number; peer: number }[] = [];
    await startAndEnd(node, [cli, 'lsp', '--stdio']);
    for (let i = 0; i < rounds; i++)
      initialize.push({
        ours: await timeToInitialize(node, [cli, 'lsp', '--stdio']),
        raw: await timeToInitialize(node, [raw]),
        peer: await timeToInitialize(node, [peer, '--stdio']),
      });
    const wall = (side: 'ours' | 'raw' | 'peer') => median(initialize.map((times) => times[side]));
    for (const [id, side] of [
      ['G13 raw', 'raw'],
      ['G13 peer', 'peer'],
    ] as const)
      tell({
        id,
        measured: median(initialize.map((times) => times.ours / times[side])),
        note: `${number(wall('ours'))} ms for ${number(wall(side))} ms`,
      });
    const compare = (ours: () => number, theirs: () => number) => {
      const pairs = Array.from({ length: rounds }, () => [ours(), theirs()] as const);
      const [a, b] = [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))];
      return { measured: a / b, note: `${number(a)} ms for ${number(b)} ms of processor time` };
    };
    const nothing = () => run(node, ['-e', '0']).cpuMs;
    const check = () => run(node, [cli, 'check', 'examples']).cpuMs;
    check(); // what V8 compiles is stored by the first run
    tell({ id: 'version', ...compare(() => run(node, [cli, '--version']).cpuMs, nothing) });
    tell({ id: 'story', ...compare(check, nothing) });
    const istioctl = peers('istioctl');
    // Without the expectations, which it cannot read.
    const manifests = globSync('examples/*.yaml').filter((file) => !file.includes('test'));
    const analyze = ['analyze', '--use-kube=false', '-A', ...manifests];
    tell({
      id: 'story istioctl',
      ...(istioctl.available
        ? compare(check, () => run(istioctl.bin('istioctl'), analyze).cpuMs)
        : { measured: undefined, note: istioctl.why }),
    });
  });
