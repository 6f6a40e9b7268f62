// refresh.ts [--profile NAME] [--count N] [--seed S] [--show N] [--open SHARE] [--write] [--program PATH]: asks the real oracle about random meshes of
// clients with sidecars, each in two orders of age, and compares the way of each request with our trace. `--write` keeps the answers of the first order.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { peers } from '../../kit/peers.ts';
import { askClassic, type Asked } from './ask.ts';
import { compareClassic, type Tally } from './compare.ts';
import { goldenPath, packClassic, type ClassicGolden } from './golden.ts';
import { randomFrom } from './random.ts';
import { classicProfiles, classicSample, samplesHash } from './sample.ts';
import { refusedOf, theirAnswers } from './theirs.ts';

const { values } = parseArgs({
  options: {
    profile: { type: 'string' },
    count: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
    open: { type: 'string', default: '0.08' },
    write: { type: 'boolean', default: false },
    program: { type: 'string' },
  },
});
const names = values.profile ? [values.profile] : Object.keys(classicProfiles);
const [count, seed, show] = [Number(values.count), Number(values.seed), Number(values.show)];
const program = values.program ?? built();
const total: Tally = { compared: 0, open: 0, differences: [] };
const kept: ClassicGolden['profiles'] = {};
const causes = new Map<string, number>();
const began = Date.now();

for (const name of names) {
  const samples = Array.from({ length: count }, (_, i) => classicSample(name, seed + i));
  const asked = samples.flatMap((sample, i): Asked[] => {
    const order = sample.manifests.map((_, place) => place);
    return [
      { sample, ages: order },
      { sample, ages: randomFrom(seed + i + 7).shuffled(order) },
    ];
  });
  const answers: (ReturnType<typeof packClassic> | undefined)[] = [];
  await askClassic(program, asked, (report, index) => {
    const { sample } = asked[index]!;
    if (report.error) throw new Error(`${name} ${seed + Math.floor(index / 2)}: ${report.error}`);
    const refused = refusedOf(report);
    const theirs = theirAnswers(sample, report);
    if (index % 2 === 0) answers.push(packClassic(theirs, refused));
    const tally = compareClassic(sample, refused, theirs);
    total.compared += tally.compared;
    total.open += tally.open;
    for (const [cause, times] of tally.causes ?? []) causes.set(cause, (causes.get(cause) ?? 0) + times);
    total.differences.push(
      ...tally.differences.map(
        (one) => `${name} seed ${seed + Math.floor(index / 2)}${index % 2 ? ' (other ages)' : ''}: ${one}`,
      ),
    );
  });
  kept[name] = answers.filter((one) => one !== undefined);
}
for (const one of total.differences.slice(0, show)) console.log(one);
for (const [cause, times] of [...causes].sort(([, a], [, b]) => b - a).slice(0, show))
  console.log(`open ${times}: ${cause}`);
const share = total.open / total.compared;
console.log(
  `${names.length * count} meshes in two orders, ${Math.round((Date.now() - began) / 1000)} s: ${total.compared} requests compared, ${total.open} left open (${(share * 100).toFixed(1)} %), ${total.differences.length} differ`,
);
if (values.write && total.differences.length === 0)
  writeFileSync(
    goldenPath,
    `${JSON.stringify({ generator: samplesHash(), seed, count, profiles: kept } satisfies ClassicGolden)}\n`,
  );
process.exitCode = total.differences.length > 0 || share > Number(values.open) ? 1 : 0;

function built(): string {
  const found = peers('oracle');
  if (!found.available) throw new Error(found.why);
  return found.bin('oracle');
}
