// Every fix of every finding in random meshes and folders: applied, it ends its finding, starts none, and leaves nothing for itself to do.
// FIX_MESHES=1000 tries that many; FIX_SEED=7 others; FIX_FOLDER=PATH also tries each folder of PATH.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { triedFolder } from '../../kit/tried-folder.ts';
import { tryFixes, triedMesh, type TriedMesh } from '../../kit/try-fixes.ts';
import { newWorkspace } from '../../kit/workspace.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['FIX_MESHES'] ?? 108);
const seed = Number(process.env['FIX_SEED'] ?? 20261128);
const folders = process.env['FIX_FOLDER'];

test(`${wanted} random meshes: each fix ends its finding and starts none`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const each = Math.ceil(wanted / kinds.length);
  const faults: string[] = [];
  let fixes = 0;
  for (const [n, profile] of kinds.entries()) {
    for (const [i, sample] of samples(seed, each, profile).entries()) {
      const tried = tryFixes(meshOf(sample, profile));
      fixes += tried.fixes;
      faults.push(...tried.faults.map((fault) => `mesh ${i} of profile ${n}: ${fault}`));
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(fixes > 2 * wanted, `only ${fixes} fixes`);
});

test('each fix in the folders of FIX_FOLDER ends its finding and starts none', { skip: !folders }, (t) => {
  const root = resolve(folders ?? '');
  const faults: string[] = [];
  let fixes = 0;
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const tried = tryFixes(triedFolder(join(root, entry.name)));
    fixes += tried.fixes;
    faults.push(...tried.faults.map((fault) => `${entry.name}: ${fault}`));
  }
  t.diagnostic(`${fixes} fixes`);
  assert.deepEqual(faults, []);
});

function meshOf(sample: Sample, profile: Profile): TriedMesh {
  const texts = new Map(
    sample.manifests.map((manifest, i) => [`file:///mesh/${String(i).padStart(2, '0')}.yaml`, stringify(manifest)]),
  );
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  return triedMesh(workspace, texts);
}
