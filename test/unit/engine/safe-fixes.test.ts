// What server/src/rules/README.md promises of safe fixes: they repair what is refused, change nothing, or change only requests that fail
// or go past the waypoint today.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { fixesFor as fixesInAnalysis, shippedRules } from '../../../server/src/engine/analyze.ts';
import type { Finding } from '../../../server/src/engine/finding.ts';
import { fixesFor } from '../../../server/src/engine/fixes.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { assumedNamespace, declaredRequests } from '../../../server/src/eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { requestText } from '../../../server/src/rules/trace/declared-traces.ts';
import { casesOf, readPage } from '../../kit/page.ts';
import { runCase } from '../../kit/run-page.ts';
import { show, triedMesh, withFix, type TriedMesh } from '../../kit/try-fixes.ts';
import { newWorkspace } from '../../kit/workspace.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const root = resolve(import.meta.dirname, '../../..');
const wanted = Number(process.env['SAFE_MESHES'] ?? 54);
const seed = Number(process.env['SAFE_SEED'] ?? 20261129);

/** What may become of requests that work and of those that policies deny. One that works may come to leave through its waypoint. */
const kept: Readonly<Record<string, readonly string[]>> = { allowed: ['allowed', 'bypasses'], denied: ['denied'] };

/** As server/src/rules/README.md numbers them. */
type Reason = 'repairs what is refused' | 'changes nothing' | 'changes failing requests' | 'leads through the waypoint';

const reasons: Readonly<Record<string, Reason>> = {
  'invalid-combination': 'repairs what is refused',
  'invalid-type': 'repairs what is refused',
  'invalid-value': 'repairs what is refused',
  'mistyped-resource': 'repairs what is refused',
  'unknown-field': 'repairs what is refused',
  'unknown-kind': 'repairs what is refused',
  'deprecated-api-version': 'changes nothing',
  'deprecated-field': 'changes nothing',
  'discouraged-value': 'changes nothing',
  'duplicate-destination-rule': 'changes nothing',
  'policy-rule-shadowed': 'changes nothing',
  // It changes what is logged.
  'telemetry-client-mode': 'changes nothing',
  'telemetry-server-mode': 'changes nothing',
  'unused-suppression': 'changes nothing',
  'use-waypoint-on-client': 'changes nothing',
  'double-tls': 'changes failing requests',
  'istio-mutual-to-external': 'changes failing requests',
  'plaintext-to-tls-port': 'changes failing requests',
  'port-level-drops-tls': 'changes failing requests',
  'port-level-target-port': 'changes failing requests',
  'tls-to-plaintext-port': 'changes failing requests',
  'waypoint-listener-invalid': 'changes failing requests',
  'egress-bypasses-waypoint': 'leads through the waypoint',
  'missing-resolution': 'leads through the waypoint',
  'use-waypoint-misplaced': 'leads through the waypoint',
  'waypoint-attachment-denied': 'leads through the waypoint',
  'waypoint-captured': 'leads through the waypoint',
  'waypoint-ignores-services': 'leads through the waypoint',
};

test('each rule that offers a safe fix on a page has a reason', () => {
  const offering = ['server/src/rules', 'test/pages/rules']
    .flatMap((folder) => pagesIn(join(root, folder)))
    .flatMap((path) =>
      casesOf(readPage(readFileSync(path, 'utf8'))).flatMap(({ section }) => {
        const { analysis } = runCase(section);
        return analysis.findings
          .filter((finding) => fixesInAnalysis(analysis, finding).some(({ safety }) => safety === 'safe'))
          .map((finding) => ({
            finding,
            resource: finding.resource && analysis.workspace.resource(finding.resource.id),
          }));
      }),
    );
  assert.deepEqual(
    [...new Set(offering.map(({ finding }) => finding.rule))].toSorted(),
    Object.keys(reasons).toSorted(),
  );
  // What cannot be read as a resource is refused as well. A warning says that only some clients refuse it, and the others read the same.
  assert.deepEqual(
    offering
      .filter(
        ({ finding, resource }) =>
          reasons[finding.rule] === 'repairs what is refused' &&
          finding.severity === 'error' &&
          resource &&
          !resource.refused,
      )
      .map(({ finding }) => show(finding)),
    [],
  );
});

test(`${wanted} random meshes: a safe fix changes no request that is allowed or denied, unless it leads through the waypoint`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const each = Math.ceil(wanted / kinds.length);
  const faults: string[] = [];
  let fixes = 0;
  for (const [n, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, each, profile).entries()) {
      const mesh = meshOf(sample, profile);
      for (const finding of mesh.findings) {
        if (reasons[finding.rule] === 'leads through the waypoint') continue;
        for (const title of safeFixes(mesh, finding)) {
          fixes++;
          faults.push(...changed(mesh, finding, title).map((fault) => `mesh ${i} of profile ${n}: ${fault}`));
        }
      }
    }
  assert.deepEqual(faults, []);
  assert.ok(fixes > wanted / 2, `only ${fixes} safe fixes`);
});

function meshOf(sample: Sample, profile: Profile): TriedMesh {
  const texts = new Map(sample.manifests.map((manifest, i) => [`file:///mesh/${i}.yaml`, stringify(manifest)]));
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  return triedMesh(workspace, texts);
}

/** Of what is in force: what is refused changes nothing before it is repaired. */
function safeFixes(mesh: TriedMesh, finding: Finding): readonly string[] {
  const resource = finding.resource && mesh.workspace.resource(finding.resource.id);
  if (!resource || resource.refused) return [];
  return fixesFor(finding, mesh.workspace, shippedRules, (uri) => mesh.texts.get(uri))
    .filter(({ safety }) => safety === 'safe')
    .map(({ title }) => title);
}

function changed(mesh: TriedMesh, finding: Finding, title: string): readonly string[] {
  const requests = requestsOf(mesh);
  const before = verdicts(mesh, requests);
  const after = withFix(mesh, finding, title, () => verdicts(mesh, requests));
  if ('why' in after) return [after.why];
  return requests.flatMap((request, i) =>
    kept[before[i]!]?.includes(after[i]!) === false
      ? [
          `"${title}" of ${show(finding)}: ${requestText(request)} from ${request.from.namespace} is ${after[i]}, was ${before[i]}`,
        ]
      : [],
  );
}

function requestsOf({ workspace: { writtenMesh: mesh } }: TriedMesh): readonly TraceRequest[] {
  const clients = [assumedNamespace, ...mesh.all('Namespace').map(({ name }) => name)];
  return mesh.all('ServiceEntry').flatMap((entry) => declaredRequests(mesh, entry, clients));
}

function verdicts({ workspace }: TriedMesh, requests: readonly TraceRequest[]): readonly string[] {
  return requests.map((request) => trace(workspace.writtenMesh, request).verdict);
}

function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && basename(file) !== 'README.md')
    .map((file) => join(folder, file));
}
