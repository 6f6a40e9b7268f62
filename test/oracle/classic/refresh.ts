// refresh.ts [--profile NAME] [--count N] [--seed S] [--show N] [--open SHARE] [--write] [--program PATH]: asks the real oracle about random meshes of
// clients with sidecars, each in two orders of age, and compares the way of each request with our trace. `--write` keeps the answers of the first order.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { peers } from '../../kit/peers.ts';
import { askClassic, type Asked } from './ask.ts';
import { compareClassic, type Tally } from './compare.ts';
import { goldenPath, packClassic, type ClassicGolden, type PackedAnswer } from './golden.ts';
import { randomFrom } from './random.ts';
import { classicProfiles, classicSample, onceDifferent, samplesHash } from './sample.ts';
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

for (const name of names)
  kept[name] = (
    await answersOf(
      name,
      Array.from({ length: count }, (_, i) => seed + i),
    )
  ).map(([first]) => first!);
const again = [];
if (values.write) for (const [name, one] of onceDifferent) again.push(...(await answersOf(name, [one])));
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
    `${JSON.stringify({ generator: samplesHash(), seed, count, profiles: kept, onceDifferent: again } satisfies ClassicGolden)}\n`,
  );
process.exitCode = total.differences.length > 0 || share > Number(values.open) ? 1 : 0;

/** Those of each mesh in both orders of age, compared with ours. */
async function answersOf(name: string, seeds: readonly number[]): Promise<readonly (readonly PackedAnswer[])[]> {
  const asked = seeds.flatMap((one): Asked[] => {
    const sample = classicSample(name, one);
    const order = sample.manifests.map((_, place) => place);
    return [
      { sample, ages: order },
      { sample, ages: randomFrom(one + 7).shuffled(order) },
    ];
  });
  const answers = seeds.map((): PackedAnswer[] => []);
  await askClassic(program, asked, (report, index) => {
    const { sample } = asked[index]!;
    const place = Math.floor(index / 2);
    if (report.error) throw new Error(`${name} ${seeds[place]}: ${report.error}`);
    const refused = refusedOf(report);
    const theirs = theirAnswers(sample, report);
    answers[place]!.push(packClassic(theirs, refused));
    const tally = compareClassic(sample, refused, theirs);
    total.compared += tally.compared;
    total.open += tally.open;
    for (const [cause, times] of tally.causes ?? []) causes.set(cause, (causes.get(cause) ?? 0) + times);
    const order = index % 2 ? ' (other ages)' : '';
    total.differences.push(...tally.differences.map((one) => `${name} seed ${seeds[place]}${order}: ${one}`));
  });
  return answers;
}

function built(): string {
  const found = peers('oracle');
  if (!found.available) throw new Error(found.why);
  return found.bin('oracle');
}
