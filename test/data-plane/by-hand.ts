// by-hand.ts [--profile NAME] [--count N] [--seed S] [--show N] [--only I] [--lines FILE]: sends bytes through random meshes and
// compares them with traces; without a profile, through meshes of all kinds. See README.md.
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { changedRequests, classicProfiles } from '../oracle/classic/sample.ts';
import { base } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { runClassicProfile } from './classic/run-profile.ts';
import { everySetting } from './every-setting.ts';
import { oddPolicies } from './odd-policies.ts';
import { runProfile, type Run, type Total } from './run-profile.ts';

type How = Omit<Run, 'profile'>;

const { values } = parseArgs({
  options: {
    profile: { type: 'string' },
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
    only: { type: 'string' },
    lines: { type: 'string' },
  },
});
const all = { answers: base, ...profiles, policies: oddPolicies, 'every-setting': everySetting };
const [oracle, proxy] = [peers('oracle'), envoy()];
if (!oracle.available) throw new Error(oracle.why);
if (!proxy.available) throw new Error(proxy.why);

const kinds = new Map<string, (how: How) => Promise<Total>>([
  ...Object.entries(all).map(([name, profile]) => [name, (how: How) => runProfile({ ...how, profile })] as const),
  ...Object.keys({ ...classicProfiles, ...changedRequests }).map(
    (profile) => [`classic-${profile}`, (how: How) => runClassicProfile({ ...how, profile })] as const,
  ),
]);
let different = 0;
for (const [name, run] of kinds) {
  if (values.profile !== undefined && !wildcard(values.profile).test(name)) continue;
  const began = Date.now();
  const total = await run({
    oracle,
    envoy: proxy,
    seed: Number(values.seed),
    count: Number(values.count),
    only: values.only === undefined ? undefined : Number(values.only),
    seen: (mesh, { differences }) => show(`${name}, mesh ${mesh}`, differences),
  });
  console.log(`${name}: ${sum(total)}, ${Math.round((Date.now() - began) / 1000)} s`);
  if (values.lines !== undefined) appendFileSync(values.lines, total.lines.map((line) => `${line}\n`).join(''));
  different += total.differences.length;
}
process.exitCode = different > 0 ? 1 : 0;

/** `classic-*`: all whose name begins so. */
function wildcard(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('*', '.*')}$`);
}

function show(title: string, differences: readonly string[]): void {
  if (differences.length > 0) console.log([title, ...differences.slice(0, Number(values.show))].join('\n   '));
}

function sum({ meshes, requests, open, differences }: Total): string {
  return `${meshes} meshes, ${requests} requests, ${requests - open - differences.length} equal, ${open} left open, ${differences.length} different`;
}
