// Every refactoring of every resource in random meshes: what it says of requests is what comes true once its edits are applied.
// REFACTOR_MESHES=1000 tries that many; REFACTOR_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { differenceText, prove } from '../../../server/src/features/refactorings/proof.ts';
import { refactor, refactoringsAt, type Refactored } from '../../../server/src/features/refactorings/refactorings.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { newWorkspace } from '../../kit/workspace.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['REFACTOR_MESHES'] ?? 54);
const seed = Number(process.env['REFACTOR_SEED'] ?? 20261129);
type Texts = ReadonlyMap<string, string>;

test(`${wanted} random meshes: refactorings keep their word`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const faults: string[] = [];
  const done = new Map<string, number>();
  for (const [n, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries())
      for (const { title, fault } of triedIn(sample, profile)) {
        const kind = title.replace(/\S*\d\S*|\S+\.\S+/g, 'X');
        done.set(kind, (done.get(kind) ?? 0) + 1);
        if (fault !== undefined) faults.push(`mesh ${i} of profile ${n}: "${title}" ${fault}`);
      }
  assert.deepEqual(faults, []);
  assert.ok(done.size > 3, `only ${[...done].join('; ')}`);
});

interface Tried {
  readonly title: string;
  readonly fault: string | undefined;
}

function triedIn(sample: Sample, profile: Profile): readonly Tried[] {
  const texts = new Map(sample.manifests.map((manifest, i) => [`file:///mesh/${i}.yaml`, stringify(manifest)]));
  const open = (files: Texts): Workspace => {
    const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
    for (const [uri, text] of files) workspace.setFile(uri, text);
    workspace.refresh();
    return workspace;
  };
  const workspace = open(texts);
  const host = {
    textOf: (uri: string) => texts.get(uri),
    exists: (uri: string) => texts.has(uri),
    documentAt: (document: number) => workspace.documentAt(document),
  };
  const at = { start: 0, end: 0 };
  return [...texts.keys()].flatMap((uri) =>
    refactoringsAt(workspace, host, uri, at).map(({ title }): Tried => {
      const result = refactor(workspace, host, uri, at, title);
      return { title, fault: result && faultOf(result, workspace, texts, open) };
    }),
  );
}

function faultOf(
  result: Refactored,
  before: Workspace,
  texts: Texts,
  open: (texts: Texts) => Workspace,
): string | undefined {
  const after = new Map(texts);
  for (const { uri, edits } of result.changes) after.set(uri, applyEdits(texts.get(uri) ?? '', edits));
  for (const { uri } of result.changes) {
    const errors = splitDocuments(after.get(uri)!).flatMap(({ text }) => parseDocument(text).errors);
    if (errors.length > 0) return `writes broken YAML: ${after.get(uri)}`;
  }
  const now = open(after);
  const refused = refusedIn(now).filter((name) => !refusedIn(before).includes(name));
  if (refused.length > 0) return `writes what the API server refuses: ${refused.join()}`;
  const [said, is] = [result.proof, prove(before.mesh, now.mesh, () => true)].map(({ differences }) =>
    differences.map(differenceText).sort().join('\n'),
  );
  return result.proof.isShort || said === is ? undefined : `says\n${said}\nand does\n${is}`;
}

function refusedIn(workspace: Workspace): readonly string[] {
  return [...workspace.uris].flatMap((uri) =>
    workspace
      .documents(uri)
      .flatMap(({ record }) => record.resources)
      .flatMap(({ refused, kind, name }) => (refused ? [`${kind} ${name}: ${refused.reason}`] : [])),
  );
}
