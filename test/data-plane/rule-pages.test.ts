// The manifests of the rules' pages by bytes, as they fail, once they are fixed, and as they pass: each request does what the trace says.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { ask } from '../oracle/ask.ts';
import { questionsOf } from './questions.ts';
import { meshesOfRulePages, type PageMesh } from './rule-page-meshes.ts';
import { runQuestions, type MeshResult } from './run-mesh.ts';
import { throughNetworks } from './run-profile.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

const meshes = meshesOfRulePages();
const results = new Map<PageMesh, MeshResult>();

async function run(): Promise<void> {
  assert.ok(oracle.available && proxy.available);
  const reports = await ask(
    oracle.bin('oracle'),
    meshes.map(({ sample }) => sample),
    { raw: true },
  );
  await throughNetworks(proxy.bin, [...meshes.entries()], async (network, [at, { name, sample, profile }]) => {
    const asked = questionsOf(sample, reports[at]!, profile);
    // Which Secrets a proxy gets is istiod's own answer, and proved with a real one: `test/peers`.
    const waits = asked.questions.some(({ trace }) => trace.cause === 'credential');
    const result = await runQuestions(network, name, reports[at]!, {
      ...asked,
      questions: waits ? [] : asked.questions,
    });
    results.set(meshes[at]!, result);
    return result;
  });
}

describe('meshes of the pages of rules, by bytes', { skip, timeout: 900_000 }, () => {
  before(run);

  test('each request does what the trace says', (t) => {
    const all = [...results].filter(([, { requests }]) => requests > 0);
    const sum = (of: 'requests' | 'open') => all.reduce((total, [, one]) => total + one[of], 0);
    assert.deepEqual(
      all.flatMap(([{ name }, { differences }]) => differences.map((one) => `${name}: ${one}`)),
      [],
    );
    t.diagnostic(
      `${all.length} of ${meshes.length} meshes lead requests through a waypoint; ${sum('requests')} requests compared, ${sum('requests') - sum('open')} equal, ${sum('open')} left open, none different`,
    );
  });
});
