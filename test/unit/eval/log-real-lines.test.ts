// Every line that real Envoys wrote as bytes went through random meshes (test/data-plane/lines.txt, values replaced): which proxy wrote it,
// what came of the request, and why. UPDATE_PAGES=1 writes the explanations anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainLogLine, type LogExplanation } from '../../../server/src/eval/log/explain-line.ts';
import type { WriterKind } from '../../../server/src/eval/log/writer.ts';
import { meshFromYaml, waypointForAll } from '../../kit/mesh-from-yaml.ts';
import { shapeOf } from '../../data-plane/line-shape.ts';

const folder = join(import.meta.dirname, '../../data-plane');
const linesOf = (file: string): readonly string[] => readFileSync(join(folder, file), 'utf8').trim().split('\n');
const lines = linesOf('lines.txt');
/** As `kubectl logs --prefix` shows it: where a line has no cluster, only the pod tells whose it is. */
const explained = (line: string): LogExplanation | undefined => explainLogLine(line);

test('each line has an explanation that was looked at', () => {
  const words = lines.map(explained).map((one) => one && `${one.writer}, ${one.outcome}: ${one.result}`);
  if (process.env['UPDATE_PAGES']) writeFileSync(join(folder, 'lines.explained.txt'), `${words.join('\n')}\n`);
  assert.deepEqual(words, linesOf('lines.explained.txt'));
});

const isWithoutWriter = (note: string): boolean => note.startsWith('The line does not tell a sidecar from');

/** By the pod. Where a client's sidecar has no connection of its own, its line can be any proxy's. */
function writersOf(line: string): readonly WriterKind[] {
  if (line.startsWith('[pod/waypoint-')) return ['waypoint', 'tunnel'];
  if (line.startsWith('[pod/istio-egressgateway-')) return ['egress-gateway'];
  return / - 240\.240\.0\.1:80 /.test(line) ? ['sidecar-outbound', 'unknown'] : ['sidecar-outbound'];
}

test("none is left to the proxy's own words, and each is of the proxy that wrote it", () => {
  for (const line of lines) {
    const one = explained(line);
    assert.ok(one && writersOf(line).includes(one.writer), line);
    assert.equal(one.writer === 'unknown', one.notes.some(isWithoutWriter), line);
    assert.doesNotMatch(
      `${one.result} ${one.fields.map(({ meaning }) => meaning).join(' ')}`,
      /own words|not in Envoy's list|no status/,
      line,
    );
  }
});

test('where the files have the host, each line that names its cluster leads to the ServiceEntry', () => {
  const { mesh } = meshFromYaml(`${waypointForAll}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`);
  for (const line of lines.filter((one) => one.includes('|api.example.com ')))
    assert.ok(
      explainLogLine(line, mesh)?.links.some(
        ({ resource }) => resource.kind === 'ServiceEntry' && resource.name === 'api',
      ),
      line,
    );
});

test('the lines are one of each shape', () => {
  assert.deepEqual([...new Set(lines.map(shapeOf))].sort(), lines);
});
