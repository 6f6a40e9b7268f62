// Work grows with the mesh, not with its square, in every shape of test/bench/shapes. Counted is what rules and answers ask the mesh for,
// and what they give; the times are measured by test/bench/shapes.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { fixesFor } from '../../../server/src/engine/fixes.ts';
import { mostRelated } from '../../../server/src/base/and-more.ts';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { access } from '../../../server/src/eval/access/access.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import type { Shape } from '../../bench/shapes/shape.ts';
import { shapes } from '../../bench/shapes/shapes.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';
import { allShown, newWorkspace } from '../../kit/workspace.ts';

const few = 120;
/** Of four times as much. */
const mostGrowth = 5;

interface Counts {
  readonly check: number;
  readonly findings: number;
  /** The most of one finding. */
  readonly related: number;
  /** Of all findings. */
  readonly fixes: number;
  readonly edit: number;
  /** The most in one step after an edit, which typing waits for. */
  readonly step: number;
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
  const textOf = (wanted: string) => files.find(({ uri }) => uri === wanted)?.text;
  workspace.takeChanged();
  for (const finding of found) fixesFor(finding, workspace, shippedRules, textOf);
  workspace.takeChanged();
  const fixes = workspace.work.meshRead;
  const edited = shape.edit(resources, 0);
  workspace.setFile(edited.uri, edited.text);
  const steps = stepsOf(workspace, edited.uri);
  return {
    check,
    findings: found.length,
    related: Math.max(0, ...found.map(({ related }) => related.length)),
    fixes,
    edit: steps.reduce((sum, one) => sum + one, 0),
    step: Math.max(...steps),
    ...answersIn(shape, files.map(({ text }) => text).join('---\n')),
  };
}

function stepsOf(workspace: Workspace, edited: string): readonly number[] {
  const steps: number[] = [];
  for (const _ of workspace.refreshing(edited)) {
    workspace.takeChanged();
    steps.push(workspace.work.meshRead);
  }
  return steps;
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
    for (const what of ['check', 'findings', 'fixes', 'edit', 'step', 'trace', 'map', 'access'] as const) {
      const [a, b] = [small[what], large[what]];
      assert.ok(large.related <= mostRelated, `${large.related} related places`);
      assert.ok(b <= mostGrowth * Math.max(a, few), `${what}: ${a} for ${few} resources, ${b} for four times as many`);
    }
  });

/** An editor that is called away gives up what it is at, and begins again later. */
for (const steps of [3, 40])
  test(`an edit that is given up after every ${steps} steps ends with what a workspace built from scratch says`, () => {
    for (const shape of shapes) {
      const workspace = newWorkspace();
      const files = new Map(shape.files(few).map(({ uri, text }) => [uri, text]));
      for (const [uri, text] of files) workspace.setFile(uri, text);
      workspace.refresh();
      for (const edit of [0, 1, 2]) {
        const { uri, text } = shape.edit(few, edit);
        files.set(uri, text);
        workspace.setFile(uri, text);
        for (let times = 0; times < 3; times++) takeSteps(workspace, uri, steps);
      }
      workspace.refresh();
      const fresh = newWorkspace();
      for (const [uri, text] of files) fresh.setFile(uri, text);
      fresh.refresh();
      assert.deepEqual(allShown(workspace), allShown(fresh), shape.name);
    }
  });

function takeSteps(workspace: Workspace, edited: string, most: number): void {
  let taken = 0;
  for (const _ of workspace.refreshing(edited)) if (++taken >= most) break;
}
