// Our answers against those of Istio's own code, as recorded for every mesh in golden/mesh. peers/golden.test.ts asks Istio's code
// anew, and records its answers with UPDATE_GOLDEN=1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goldenMeshes, readGoldenAnswers } from '../../kit/golden-mesh.ts';
import { couldBe, effective, ourAnswer } from '../../kit/mesh-answer.ts';

const recorded = readGoldenAnswers();

test('each mesh has a recorded answer and each answer a mesh', () => {
  assert.deepEqual(
    Object.keys(recorded).sort(),
    goldenMeshes.map(({ file }) => file),
  );
});

for (const { file, text, title, abstains } of goldenMeshes) {
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
