// shrink.ts --profile NAME --seed S --only I [--count N]: leaves out manifests of a mesh that differs, as long as it still does, and prints what is left.
import { parseArgs } from 'node:util';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { ask } from '../oracle/ask.ts';
import { base, samples, type Sample } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { everySetting } from './every-setting.ts';
import { Network } from './network.ts';
import { oddPolicies } from './odd-policies.ts';
import { inForce } from './questions.ts';
import { runMesh } from './run-mesh.ts';

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'answers' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    count: { type: 'string', default: '50' },
  },
});
const kinds = { answers: base, ...profiles, policies: oddPolicies, 'every-setting': everySetting };
const profile = kinds[values.profile as keyof typeof kinds];
if (!profile) throw new Error(`there is no profile ${values.profile}`);
const [oracle, proxy] = [peers('oracle'), envoy()];
if (!oracle.available) throw new Error(oracle.why);
if (!proxy.available) throw new Error(proxy.why);
const program = oracle.bin('oracle');
const network = new Network(proxy.bin);

let smallest = inForce(samples(Number(values.seed), Number(values.count), profile)[Number(values.only)]!);
let found = await differencesOf(smallest);
for (let i = 0; found.length > 0 && i < smallest.manifests.length; ) {
  const less: Sample = { ...smallest, manifests: smallest.manifests.filter((_, other) => other !== i) };
  const left = await differencesOf(less).catch(() => []);
  if (left.length > 0) [smallest, found] = [less, left];
  else i++;
}
network.stop();
console.log(found.length > 0 ? smallest.manifests.map((one) => JSON.stringify(one)).join('\n') : 'nothing differs');
for (const one of found) console.log(`   ${one}`);

async function differencesOf(sample: Sample): Promise<readonly string[]> {
  const [report] = await ask(program, [sample], { ...profile, raw: true });
  return (await runMesh(network, 'shrink', sample, report!, profile)).differences;
}
