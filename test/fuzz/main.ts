// npm run fuzz -- [--edits 20000] [--seed 1] [--minutes 10]: runs of 2000 edits, each with the next seed, until one differs.
import { parseArgs } from 'node:util';
import { fuzz, type Figures } from './session.ts';

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
  },
});
const perRun = 2000;
const end = Date.now() + Number(values.minutes) * 60_000;
const total: Record<string, number> = {};
let seed = Number(values.seed);
for (let left = Number(values.edits); left > 0 && Date.now() < end; left -= perRun, seed++) {
  const figures: Figures = await fuzz(seed, Math.min(perRun, left), 250);
  for (const [name, count] of Object.entries(figures)) total[name] = (total[name] ?? 0) + count;
  console.log(
    `seed ${seed}: ${Object.entries(total)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  );
}
process.exit(0);
