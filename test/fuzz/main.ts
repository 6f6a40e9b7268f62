// npm run fuzz -- [--edits 20000] [--seed 1] [--minutes 10]: runs of 2000 edits, each with the next seed. What differs is printed, and the others go on.
import { parseArgs } from 'node:util';
import { fuzz, type Figures } from './session.ts';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    edits: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
  },
});
if (values.help) {
  console.log(`npm run fuzz -- [OPTION...]
  --edits N    how many edits in all, in runs of 2000; default 20000
  --seed N     of the first run, each other has the next; default 1
  --minutes N  begin no run after so many; default 600`);
  process.exit();
}
const perRun = 2000;
const end = Date.now() + Number(values.minutes) * 60_000;
const total: Record<string, number> = {};
const failed: number[] = [];
let seed = Number(values.seed);
for (let left = Number(values.edits); left > 0 && Date.now() < end; left -= perRun, seed++) {
  const figures = await figuresOf(seed, Math.min(perRun, left));
  for (const [name, count] of Object.entries(figures)) total[name] = (total[name] ?? 0) + count;
  const sums = Object.entries(total).map(([name, count]) => `${count} ${name}`);
  console.log(`seed ${seed}: ${[...sums, `failed seeds: ${failed.join(' ') || 'none'}`].join(', ')}`);
}
process.exit(failed.length > 0 ? 1 : 0);

async function figuresOf(of: number, edits: number): Promise<Figures | object> {
  try {
    return await fuzz(of, edits, 250);
  } catch (error) {
    failed.push(of);
    console.log(error instanceof Error ? error.stack : error);
    return {};
  }
}
