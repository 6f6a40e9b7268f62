// What the trace knows, the check says: in random meshes every declared request that fails has a finding on what it rests on.
// TRACE_MESHES=1000 tries that many; TRACE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { newWorkspace } from '../../kit/workspace.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { patternsFor } from '../../../server/src/names/hosts.ts';
import { declaredTraces, requestText } from '../../../server/src/rules/trace/declared-traces.ts';
import { rulesFor } from '../../../server/src/rules/trace/rules-by-cause.ts';
import { base, samples, type Profile } from '../../oracle/generate.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['TRACE_MESHES'] ?? 216);
const seed = Number(process.env['TRACE_SEED'] ?? 20261129);

test(`${wanted} random meshes: each declared request that fails has a finding`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const silent: string[] = [];
  let failing = 0;
  for (const profile of kinds)
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries()) {
      const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
      for (const [n, manifest] of sample.manifests.entries())
        workspace.setFile(`file:///${n}.yaml`, stringify(manifest));
      workspace.refresh();
      const { writtenMesh: mesh } = workspace;
      const reported = reportedResources(workspace);
      // Told at a DestinationRule whose host is misspelt: only its own finding connects it with the host.
      const isMisspelt = [...workspace.uris].some((uri) =>
        workspace.findings(uri).some(({ rule }) => rule === 'unknown-destination-host'),
      );
      for (const entry of mesh.all('ServiceEntry'))
        for (const { request, trace } of declaredTraces(mesh, entry, 'fails')) {
          if (trace.cause !== undefined && rulesFor[trace.cause] === undefined) continue;
          failing++;
          // A rule that is passed over is no evidence of the trace, but the place where its own finding is.
          const rules = patternsFor(request.host).flatMap((pattern) => mesh.destinationRulesAnywhere(pattern));
          const evidence = [
            ...[entry, ...rules].map(({ id }) => id),
            ...trace.steps.flatMap((step) => step.evidence.map(({ resource }) => resource.id)),
          ];
          if (trace.cause === 'plaintext-to-tls' && isMisspelt) continue;
          if (!evidence.some((id) => reported.has(id)))
            silent.push(`mesh ${i}: ${requestText(request)}: ${trace.summary}`);
        }
    }
  assert.deepEqual(silent, []);
  assert.ok(failing > wanted / 2, `only ${failing} requests fail`);
});

/** Ids of the resources that findings are on, and of all in the documents that they point at. */
function reportedResources(workspace: Workspace): ReadonlySet<number> {
  const findings = [...workspace.uris].flatMap((uri) => workspace.findings(uri));
  const pointedAt = findings.flatMap(({ related }) => related).flatMap(({ uri }) => workspace.documents(uri));
  return new Set([
    ...findings.flatMap(({ resource }) => (resource ? [resource.id] : [])),
    ...pointedAt.flatMap(({ record }) => record.resources.map(({ id }) => id)),
  ]);
}
