// Every fix of every finding in random meshes: applied, it ends its finding, starts none, and leaves nothing for itself to do.
// FIX_MESHES=1000 tries that many; FIX_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { applyFix } from '../../../server/src/engine/apply-fix.ts';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import type { Finding } from '../../../server/src/engine/finding.ts';
import { fixesFor } from '../../../server/src/engine/fixes.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import type { Fix, Stage } from '../../../server/src/rules/rule.ts';
import { newWorkspace } from '../../kit/workspace.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['FIX_MESHES'] ?? 108);
const seed = Number(process.env['FIX_SEED'] ?? 20261128);

test(`${wanted} random meshes: each fix ends its finding and starts none`, () => {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const each = Math.ceil(wanted / kinds.length);
  const faults: string[] = [];
  let fixes = 0;
  for (const [n, profile] of kinds.entries()) {
    for (const [i, sample] of samples(seed, each, profile).entries()) {
      const mesh = open(sample, profile);
      for (const finding of mesh.findings) {
        for (const fix of fixesFor(finding, mesh.workspace, shippedRules, mesh.textOf)) {
          fixes++;
          faults.push(...tried(mesh, finding, fix).map((fault) => `mesh ${i} of profile ${n}: ${fault}`));
        }
      }
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(fixes > 2 * wanted, `only ${fixes} fixes`);
});

interface Mesh {
  readonly workspace: Workspace;
  readonly texts: Map<string, string>;
  readonly textOf: (uri: string) => string | undefined;
  readonly findings: readonly Finding[];
  /** The resources that were there before any fix, by kind and name. */
  readonly known: ReadonlySet<string>;
}

function open(sample: Sample, profile: Profile): Mesh {
  const texts = new Map(
    sample.manifests.map((manifest, i) => [`file:///mesh/${String(i).padStart(2, '0')}.yaml`, stringify(manifest)]),
  );
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  const known = new Set(
    sample.manifests.map(({ kind, metadata }) => `${String(kind)} ${(metadata as { readonly name: string }).name}`),
  );
  return { workspace, texts, textOf: (uri) => texts.get(uri), findings: findingsOf(workspace), known };
}

/** What is wrong with the fix; the mesh is left as it was. */
function tried(mesh: Mesh, before: Finding, fix: Fix): string[] {
  const { workspace, texts } = mesh;
  // Undoing a change reads its file anew, under other ids.
  const finding = findingsOf(workspace).find(
    (one) =>
      key(one) === key(before) &&
      one.range.start.line === before.range.start.line &&
      one.range.start.character === before.range.start.character,
  );
  if (!finding) return [`${show(before)} is not there again`];
  const now = fixesFor(finding, workspace, shippedRules, mesh.textOf).find(({ title }) => title === fix.title);
  const host = {
    textOf: mesh.textOf,
    exists: (uri: string) => texts.has(uri),
    documentAt: (id: number) => workspace.documentAt(id),
  };
  const after = now && applyFix(now, host);
  if (!now || !after) return [`"${fix.title}" cannot be applied to ${show(before)}`];
  const old = new Map([...after.keys()].map((uri) => [uri, texts.get(uri)]));
  if ([...after].every(([uri, text]) => texts.get(uri) === text))
    return [`"${fix.title}" changes nothing for ${show(before)}`];
  write(mesh, after);
  const found = findingsOf(workspace);
  const faults = [
    ...(count(found, finding) < count(mesh.findings, finding) ? [] : [`"${fix.title}" does not end ${show(finding)}`]),
    ...found
      .filter(
        (other) =>
          !mesh.findings.some((one) => subject(one) === subject(other)) && !comesToLight(finding, other, mesh.known),
      )
      .map((other) => `"${fix.title}" of ${finding.rule} starts ${show(other)}`),
    ...(now.changes.every(({ op }) => op === 'create-file' || op === 'append-document') ||
    applyFix(now, host) === undefined
      ? []
      : [`"${fix.title}" can be applied twice`]),
  ];
  write(mesh, old);
  return faults;
}

function write({ workspace, texts }: Mesh, files: ReadonlyMap<string, string | undefined>): void {
  for (const [uri, text] of files) {
    if (text === undefined) {
      texts.delete(uri);
      workspace.removeFile(uri);
    } else {
      texts.set(uri, text);
      workspace.setFile(uri, text);
    }
  }
  workspace.refresh();
}

/**
 * A root cause is told once: while a name leads nowhere, or requests go past the waypoint, the rules of later hops are silent. Once that is
 * mended they speak of what was wrong there all along. Repairs of every other fault bring nothing up, and what a fix writes is right.
 */
const hops: readonly Stage[] = [
  'reference',
  'capture',
  'waypoint',
  'route',
  'tls',
  'authorization',
  'telemetry',
  'leak',
  'trace',
];
const lightOf: Readonly<Record<string, readonly Stage[]>> = {
  reference: hops,
  capture: hops,
  waypoint: hops,
  // A rule or a route that comes to be read, with the entry that it is for.
  'plaintext-to-tls-port': hops,
  'destination-rule-not-selected': ['capture', 'tls', 'trace'],
  'tls-to-plaintext-port': ['trace'],
  'istio-mutual-to-external': ['tls'],
  'duplicate-destination-rule': ['tls'],
  // A certificate that comes to be verified.
  'insecure-skip-verify': ['tls'],
  'route-ignored-by-waypoint': ['route'],
  // A policy that comes to be applied.
  'policy-not-at-waypoint': ['authorization'],
  'policy-deny-has-no-effect': ['authorization'],
  'policy-gateway-class-misplaced': ['authorization'],
  // The first of the waypoint's hosts that is restricted shows that the others are not.
  'unrestricted-egress-host': ['authorization', 'reference'],
};

/** What these write is as right as what they take it from: rules for the host, and the callers of another policy. */
const copying: ReadonlySet<string> = new Set([
  'unknown-destination-host',
  'unknown-route-backend',
  'unrestricted-egress-host',
]);

function comesToLight(fixed: Finding, other: Finding, known: ReadonlySet<string>): boolean {
  const stages = lightOf[fixed.rule] ?? lightOf[stageOf(fixed.rule)] ?? [];
  return stages.includes(stageOf(other.rule)) && (known.has(nameOf(other)) || copying.has(fixed.rule));
}

function stageOf(rule: string): Stage {
  return [...shippedRules.rules, ...shippedRules.documentRules].find(({ id }) => id === rule)!.stage;
}

/** Without the namespace, which a fix may change. */
function nameOf({ resource }: Finding): string {
  return `${resource?.kind} ${resource?.name}`;
}

function findingsOf(workspace: Workspace): readonly Finding[] {
  return [...workspace.uris].flatMap((uri) => workspace.findings(uri));
}

function count(findings: readonly Finding[], { rule, uri, message }: Finding): number {
  return findings.filter((one) => one.rule === rule && one.uri === uri && one.message === message).length;
}

function key({ rule, uri, message }: Finding): string {
  return JSON.stringify([rule, uri, message]);
}

/** A fix may move or rename what it mends; each file has one resource. */
function subject({ rule, uri, resource }: Finding): string {
  return JSON.stringify([rule, uri, resource?.kind]);
}

function show({ rule, message, uri, range }: Finding): string {
  return `[${rule}] "${message}" at ${uri.replace(/.*\//, '')}:${range.start.line + 1}`;
}
