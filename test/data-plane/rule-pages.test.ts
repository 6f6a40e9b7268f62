// The manifests of the rules' pages by bytes, as they fail, once they are fixed, and as they pass: each request does what the trace says.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { ask } from '../oracle/ask.ts';
import { samplesOfRulePages } from './classic/rule-page-samples.ts';
import { runSamples } from './classic/run-profile.ts';
import { questionsOf } from './questions.ts';
import { fixedMark, meshesOfRulePages } from './rule-page-meshes.ts';
import { runQuestions, type MeshResult } from './run-mesh.ts';
import { throughNetworks } from './run-profile.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

async function runWaypoints(results: Map<string, MeshResult>): Promise<void> {
  assert.ok(oracle.available && proxy.available);
  const meshes = meshesOfRulePages();
  const samples = meshes.map(({ sample }) => sample);
  const reports = await ask(oracle.bin('oracle'), samples, { raw: true });
  await throughNetworks(proxy.bin, [...meshes.entries()], async (network, [at, { name, sample, profile }]) => {
    const asked = questionsOf(sample, reports[at]!, profile);
    // Which Secrets a proxy gets is istiod's own answer, and proved with a real one: `test/peers`.
    const waits = asked.questions.some(({ trace }) => trace.cause === 'credential');
    const result = await runQuestions(network, name, reports[at]!, {
      ...asked,
      questions: waits ? [] : asked.questions,
    });
    results.set(name, result);
    return result;
  });
}

async function runSidecars(results: Map<string, MeshResult>): Promise<void> {
  assert.ok(oracle.available && proxy.available);
  const samples = samplesOfRulePages();
  await runSamples({ oracle, envoy: proxy, samples, seen: (at, result) => results.set(samples[at]!.name, result) });
}

const kinds = [
  ['with a waypoint', runWaypoints],
  ['of clients with sidecars', runSidecars],
] as const;

for (const [what, run] of kinds)
  describe(`meshes of the pages of rules ${what}, by bytes`, { skip, timeout: 900_000 }, () => {
    const results = new Map<string, MeshResult>();
    before(() => run(results));

    test('each request does what the trace says', (t) => {
      const all = [...results].filter(([, { requests }]) => requests > 0);
      const sum = (of: 'requests' | 'open'): number => all.reduce((total, [, one]) => total + one[of], 0);
      assert.deepEqual(
        all.flatMap(([name, { differences }]) => differences.map((one) => `${name}: ${one}`)),
        [],
      );
      assert.ok(all.length > 50);
      t.diagnostic(
        `${results.size} meshes, ${all.length} of them with requests: ${sum('requests')} compared, ${sum('requests') - sum('open')} equal, ${sum('open')} left open, none different`,
      );
    });

    test('fixes change what requests do', (t) => {
      const fixed = [...results].flatMap(([name, after]) => {
        const [unfixed = '', fix] = name.split(fixedMark);
        const faulty = results.get(unfixed);
        return fix !== undefined && faulty ? [{ faulty, after }] : [];
      });
      const changed = fixed.filter(({ faulty, after }) => endsOf(faulty) !== endsOf(after));
      assert.ok(changed.length > 0);
      t.diagnostic(
        `${fixed.length} fixes, ${changed.length} of which change how requests end or which are led to a proxy`,
      );
    });
  });

/** How each request ended, and which sites were reached. */
function endsOf({ answers }: MeshResult): string {
  return JSON.stringify(
    answers.map(({ id, status, ended, arrivals }) => [
      id,
      status,
      ended,
      arrivals.map(({ host, port, layers }) => [host, port, layers]),
    ]),
  );
}
