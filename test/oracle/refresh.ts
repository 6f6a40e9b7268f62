// refresh.ts [--profile NAME] [--count N] [--seed S] [--show N] [--open SHARE] [--write] [--program PATH]: asks the real oracle about random meshes and compares its answers with ours.
// Each mesh is asked in two orders of age. It fails too where more than SHARE of the answers are left open (0.1). `--write` keeps the answers of the first order as golden/answers.json, or as golden/NAME.json.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { peers } from '../kit/peers.ts';
import { ask } from './ask.ts';
import { compare } from './compare.ts';
import { base, samples, type Sample } from './generate.ts';
import { generatorHash, goldenPath, pack } from './golden.ts';
import { ourAnswer } from './ours.ts';
import { profiles } from './profiles/all.ts';
import type { Report } from './report.ts';
import { refused, theirAnswer } from './theirs.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'answers' },
    program: { type: 'string' },
    open: { type: 'string', default: '0.1' },
  },
});
const [count, seed, show] = [Number(values.count), Number(values.seed), Number(values.show)];
const profile = values.profile === 'answers' ? base : profiles[values.profile];
if (!profile) throw new Error(`there is no profile ${values.profile}`);
const program = values.program ?? builtOracle();
const batch = 100;

interface Total {
  meshes: number;
  compared: number;
  open: number;
  refused: number;
  different: number;
}
const total: Total = { meshes: 0, compared: 0, open: 0, refused: 0, different: 0 };
// Only for what is written: ten thousand reports would fill the memory.
const kept = new Map<number, (readonly [Sample, Report])[]>();
const began = Date.now();

/** Another seed for each hundred, so that a part can be asked again alone: `--seed 1007 --count 100` is the eighth of `--seed 1000`. */
const batches = Array.from({ length: Math.ceil(count / batch) }, (_, i) => ({
  seed: seed + i,
  size: Math.min(batch, count - i * batch),
}));
const waiting = [...batches];
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
  }),
);
const seconds = Math.round((Date.now() - began) / 1000);
console.log(
  `${total.meshes} meshes in two orders, seeds ${seed} to ${seed + batches.length - 1}, ${seconds} s: ${total.compared} answers compared, ${total.open} left open, ${total.refused} manifests refused, ${total.different} meshes differ`,
);
if (values.write) {
  const inOrder = batches.flatMap((one) => kept.get(one.seed) ?? []);
  writeFileSync(
    goldenPath(values.profile),
    `${JSON.stringify({ generator: generatorHash(profile), seed, count, batch, answers: inOrder.map(([sample, report]) => pack(theirAnswer(sample, report, profile), refused(report))) })}\n`,
  );
}
const share = total.open / Math.max(1, total.compared);
if (share > Number(values.open))
  console.log(`${(share * 100).toFixed(1)} % are left open, more than ${Number(values.open) * 100} %`);
process.exitCode = total.different > 0 || share > Number(values.open) ? 1 : 0;

async function run({ seed: own, size }: { readonly seed: number; readonly size: number }): Promise<void> {
  const meshes = samples(own, size, profile);
  const backwards = meshes.map(reversed);
  const reports = await ask(program, [...meshes, ...backwards], profile);
  if (values.write)
    kept.set(
      own,
      meshes.map((sample, i) => [sample, reports[i]!]),
    );
  for (const [i, sample] of [...meshes, ...backwards].entries())
    judge(sample, reports[i]!, `seed ${own}, mesh ${i % size}${i < size ? '' : ' backwards'}`, i < size);
  console.error(`seed ${own}: ${total.meshes} meshes so far, ${total.different} differ`);
}

/** Ours is asked in the same words; age is not in them. */
function judge(sample: Sample, report: Report, title: string, first: boolean): void {
  if (report.error) throw new Error(`${title}: ${report.error}`);
  const without = refused(report);
  const { differences, compared, open } = compare(
    theirAnswer(sample, report, profile),
    ourAnswer(sample, without, profile),
  );
  if (first) total.meshes++;
  total.compared += compared;
  total.open += open;
  total.refused += without.size;
  if (differences.length === 0) return;
  if (total.different++ < show)
    console.log(
      `${title}\n${differences
        .slice(0, 6)
        .map((one) => `  ${one}\n`)
        .join('')}${differences.length > 6 ? `  … and ${differences.length - 6} more\n` : ''}`,
    );
}

function builtOracle(): string {
  const found = peers('oracle');
  if (!found.available) throw new Error(found.why);
  return found.bin('oracle');
}

function reversed(sample: Sample): Sample {
  return { ...sample, manifests: sample.manifests.toReversed() };
}
