// What was recorded for the meshes of unit/golden/mesh is what Istio's own code says now: of some of them, or of all with
// ISTIO_EGRESS_ORACLE=all or in CI. With UPDATE_GOLDEN=1 what it says is recorded.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { goldenFolder, goldenMeshes, goldenRecord, readGoldenAnswers } from '../kit/golden-mesh.ts';
import { askOracle, type Answer } from '../kit/oracle.ts';
import { peers } from '../kit/peers.ts';

const update = process.env['UPDATE_GOLDEN'] === '1';
const oracle = peers('oracle');

/** Meshes with BackendTLSPolicies, which an oracle knows only if it gives them to Istio. */
const needsPolicies = ({ file }: { readonly file: string }) => file.startsWith('polic');
const probe = 'policy-alone.yaml';
// Its name follows its sources, which somebody may be editing meanwhile.
const program = oracle.available ? oracle.bin('oracle') : '';
const ask = (file: string) => askOracle(program, [path.join(goldenFolder, file)]);
const knowsPolicies = async () =>
  Object.values(await ask(probe)).some(({ ports }) => Object.values(ports).some((tls) => tls !== null));

if (update) {
  if (!oracle.available) throw new Error(oracle.why);
  const before = readGoldenAnswers();
  const keep = (await knowsPolicies()) ? () => false : needsPolicies;
  const answers: Record<string, Answer | undefined> = {};
  for (const one of goldenMeshes) answers[one.file] = keep(one) ? before[one.file] : await ask(one.file);
  writeFileSync(goldenRecord, `${JSON.stringify(answers, undefined, 1)}\n`);
}

const recorded = readGoldenAnswers();
const all = process.env['ISTIO_EGRESS_ORACLE'] === 'all' || Boolean(process.env['CI']);
const plain = goldenMeshes.filter((one) => !needsPolicies(one)).filter((_, i) => all || i % 16 === 0);
const skip = oracle.available ? false : oracle.why;

test(`the oracle says what was recorded (${plain.length} of ${goldenMeshes.length} meshes)`, { skip }, async () => {
  await eachOf(plain);
});

test('the oracle says what was recorded of BackendTLSPolicies', { skip }, async (t) => {
  if (!(await knowsPolicies())) return t.skip('this oracle does not give BackendTLSPolicies to Istio');
  await eachOf(goldenMeshes.filter(needsPolicies));
});

/** As many at a time as there are processors. */
async function eachOf(files: readonly { readonly file: string }[]): Promise<void> {
  const waiting = [...files];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        assert.deepEqual(await ask(next.file), recorded[next.file], next.file);
    }),
  );
}
