// Our answers against those of Istio's own code, for every mesh in golden/mesh. The recorded answers are compared always;
// where the oracle is built they are asked for anew: some of them, or all with ISTIO_EGRESS_ORACLE=all or in CI.
// With UPDATE_GOLDEN=1 what it says is recorded.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { couldBe, effective, ourAnswer } from '../../kit/mesh-answer.ts';
import { askOracle, type Answer } from '../../kit/oracle.ts';
import { peers } from '../../kit/peers.ts';

const folder = path.join(import.meta.dirname, '../golden', 'mesh');
const record = path.join(folder, 'answers.json');
const update = process.env['UPDATE_GOLDEN'] === '1';
const oracle = peers('oracle');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const [title = '', abstains = ''] = text.split('\n');
    return { file, text, title: title.slice(2), abstains: abstains.startsWith('# abstains: ') };
  });

/** Meshes with BackendTLSPolicies, which an oracle knows only if it gives them to Istio. */
const needsPolicies = ({ file }: { readonly file: string }) => file.startsWith('polic');
const probe = 'policy-alone.yaml';
// Its name follows its sources, which somebody may be editing meanwhile.
const program = oracle.available ? oracle.bin('oracle') : '';
const ask = (file: string) => askOracle(program, [path.join(folder, file)]);
const knowsPolicies = async () =>
  Object.values(await ask(probe)).some(({ ports }) => Object.values(ports).some((tls) => tls !== null));

if (update) {
  if (!oracle.available) throw new Error(oracle.why);
  const before = JSON.parse(readFileSync(record, 'utf8')) as Record<string, Answer>;
  const keep = (await knowsPolicies()) ? () => false : needsPolicies;
  const answers: Record<string, Answer | undefined> = {};
  for (const one of cases) answers[one.file] = keep(one) ? before[one.file] : await ask(one.file);
  writeFileSync(record, `${JSON.stringify(answers, undefined, 1)}\n`);
}

const recorded = JSON.parse(readFileSync(record, 'utf8')) as Record<string, Answer>;

test('each mesh has a recorded answer and each answer a mesh', () => {
  assert.deepEqual(
    Object.keys(recorded).sort(),
    cases.map(({ file }) => file),
  );
});

for (const { file, text, title, abstains } of cases) {
  test(`${title} (${file})`, () => {
    const theirs = effective(recorded[file] ?? {});
    const ours = ourAnswer(text);
    if (!abstains) return assert.deepEqual(ours, theirs);
    let left = 0;
    for (const [key, host] of Object.entries(theirs)) {
      assert.equal(ours[key]?.waypoint, host.waypoint);
      for (const [port, tls] of Object.entries(host.ports)) {
        const own: unknown = ours[key]?.ports[port];
        if (own !== 'unknown') {
          assert.deepEqual(own, tls);
          continue;
        }
        left++;
        const possible = couldBe(
          text,
          key.split(' ')[0]!,
          Number(port.split('/')[0]),
          port.endsWith('http') ? 'http' : 'tcp',
        );
        if (possible.length > 0)
          assert.ok(
            possible.some((one) => JSON.stringify(one) === JSON.stringify(tls)),
            'what happened is none of the possibilities',
          );
      }
    }
    assert.ok(left > 0, 'nothing is left open here');
  });
}

const all = process.env['ISTIO_EGRESS_ORACLE'] === 'all' || Boolean(process.env['CI']);
const plain = cases.filter((one) => !needsPolicies(one)).filter((_, i) => all || i % 16 === 0);
const skip = oracle.available ? false : oracle.why;

test(`the oracle says what was recorded (${plain.length} of ${cases.length} meshes)`, { skip }, async () => {
  await eachOf(plain);
});

test('the oracle says what was recorded of BackendTLSPolicies', { skip }, async (t) => {
  if (!(await knowsPolicies())) return t.skip('this oracle does not give BackendTLSPolicies to Istio');
  await eachOf(cases.filter(needsPolicies));
});

/** As many at a time as there are processors. */
async function eachOf(asked: readonly { readonly file: string }[]): Promise<void> {
  const waiting = [...asked];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        assert.deepEqual(await ask(next.file), recorded[next.file], next.file);
    }),
  );
}
