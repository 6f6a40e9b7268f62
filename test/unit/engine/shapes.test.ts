// Work grows with the mesh, not with its square, in every shape of test/bench/shapes. Counted is what rules and answers ask the mesh for,
// and what they give; the times are measured by test/bench/shapes.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostRelated } from '../../../server/src/base/and-more.ts';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { access } from '../../../server/src/eval/access/access.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import { shapes, type Shape } from '../../bench/shapes/shapes.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const few = 120;
/** Of four times as much. */
const mostGrowth = 5;

interface Counts {
  readonly check: number;
  readonly findings: number;
  /** The most of one finding. */
  readonly related: number;
  readonly edit: number;
  readonly trace: number;
  readonly map: number;
  readonly access: number;
}

function countsOf(shape: Shape, resources: number): Counts {
  const files = shape.files(resources);
  const workspace = newWorkspace();
  for (const { uri, text } of files) workspace.setFile(uri, text);
  workspace.refresh();
  const check = workspace.work.meshRead;
  const found = [...workspace.uris].flatMap((uri) => workspace.findings(uri));
  const edited = shape.edit(resources, 0);
  workspace.setFile(edited.uri, edited.text);
  workspace.refresh();
  return {
    check,
    findings: found.length,
    related: Math.max(0, ...found.map(({ related }) => related.length)),
    edit: workspace.work.meshRead,
    ...answersIn(shape, files.map(({ text }) => text).join('---\n')),
  };
}

function answersIn(shape: Shape, text: string): Pick<Counts, 'trace' | 'map' | 'access'> {
  const counted = (ask: (index: MeshIndex) => unknown): number => {
    const index = new MeshIndex({ mesh: defaultMeshSettings });
    for (const resource of resourcesFromYaml(text)) index.add(resource);
    ask(index);
    return index.read;
  };
  const request = parseRequest(shape.request);
  assert.ok(!('problem' in request));
  return {
    trace: counted((index) => trace(index.inForce(), request)),
    map: counted((index) => egressMap(index.inForce(), ({ uri }) => uri)),
    // Larger tables leave out rows that repeat others.
    access: counted((index) => access(index.inForce(), { most: 100 })),
  };
}

for (const shape of shapes)
  test(`the work of all answers grows with the mesh: ${shape.name}`, () => {
    const [small, large] = [countsOf(shape, few), countsOf(shape, 4 * few)];
    for (const what of ['check', 'findings', 'edit', 'trace', 'map', 'access'] as const) {
      const [a, b] = [small[what], large[what]];
      assert.ok(large.related <= mostRelated, `${large.related} related places`);
      assert.ok(b <= mostGrowth * Math.max(a, few), `${what}: ${a} for ${few} resources, ${b} for four times as many`);
    }
  });
