// What the trace knows, the check says: in random meshes every declared request that fails, or
// goes past the waypoint that is meant for it, has a finding on what it rests on.
// TRACE_MESHES=1000 tries that many; TRACE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { bindWaypoint } from '../../../server/src/mesh/binding/waypoint-binding.ts';
import { namespaceDataPlane } from '../../../server/src/mesh/clients/data-plane.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { patternsFor } from '../../../server/src/names/hosts.ts';
import { declaredTraces, requestText, type DeclaredTrace } from '../../../server/src/rules/trace/declared-traces.ts';
import { intendedWaypoint } from '../../../server/src/rules/shared/intent.ts';
import { rulesFor } from '../../../server/src/rules/trace/rules-by-cause.ts';
import { classicWorkspaces, randomWorkspaces } from '../../kit/random-workspace.ts';

const wanted = Number(process.env['TRACE_MESHES'] ?? 216);
const seed = Number(process.env['TRACE_SEED'] ?? 20261129);

test(`${wanted} random meshes: each declared request that fails or bypasses its waypoint has a finding`, () => {
  const silent: string[] = [];
  const counted = { fails: 0, bypasses: 0, sidecars: 0 };
  for (const { title, workspace } of randomWorkspaces(seed, wanted)) {
    const { writtenMesh: mesh } = workspace;
    const reported = reportedResources(workspace);
    // Told at a DestinationRule whose host is misspelt: only its own finding connects it with the host.
    const isMisspelt = [...workspace.uris].some((uri) =>
      workspace.findings(uri).some(({ rule }) => rule === 'unknown-destination-host'),
    );
    for (const entry of mesh.all('ServiceEntry'))
      for (const one of declaredRequests(mesh, entry)) {
        const { request, trace } = one;
        if (trace.cause !== undefined && rulesFor[trace.cause] === undefined) continue;
        if (trace.cause === 'plaintext-to-tls' && (isMisspelt || isChosenBySelector(mesh, request))) continue;
        // Without a label, `egress-bypasses-waypoint` weighs what else shows that a waypoint is meant.
        if (trace.verdict === 'bypasses' && !intendedWaypoint(mesh, entry)) continue;
        counted[trace.verdict === 'fails' ? 'fails' : 'bypasses']++;
        if (namespaceDataPlane(mesh, request.from.namespace).mode === 'sidecar') counted.sidecars++;
        if (!placesOf(mesh, entry, one).some((id) => reported.has(id)))
          silent.push(`${title}: ${requestText(request)} from ${request.from.namespace}: ${trace.summary}`);
      }
  }
  assert.deepEqual(silent, []);
  for (const [what, number] of Object.entries(counted))
    assert.ok(number > wanted / 2, `only ${number} requests: ${what}`);
});

test(`${wanted} random meshes with egress gateways: each declared request that fails has a finding`, () => {
  const silent: string[] = [];
  let counted = 0;
  for (const { title, workspace } of classicWorkspaces(seed, wanted)) {
    const { writtenMesh: mesh } = workspace;
    const reported = reportedResources(workspace);
    for (const entry of mesh.all('ServiceEntry'))
      for (const one of declaredRequests(mesh, entry)) {
        const { request, trace } = one;
        if (trace.cause !== undefined && rulesFor[trace.cause] === undefined) continue;
        counted++;
        if (!placesOf(mesh, entry, one).some((id) => reported.has(id)))
          silent.push(`${title}: ${requestText(request)} from ${request.from.namespace}: ${trace.summary}`);
      }
  }
  assert.deepEqual(silent, []);
  assert.ok(counted > wanted, `only ${counted} requests`);
});

/** Pods that a rule of their namespace selects get the TLS of that rule, and others may never call. */
function isChosenBySelector(mesh: Mesh, { host, from }: DeclaredTrace['request']): boolean {
  const rules = patternsFor(host).flatMap((pattern) => mesh.destinationRulesAnywhere(pattern));
  return rules.some(({ namespace, spec }) => namespace === from.namespace && spec.workloadSelector !== undefined);
}

function declaredRequests(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly DeclaredTrace[] {
  return (['fails', 'bypasses'] as const).flatMap((verdict) => drained(declaredTraces(mesh, entry, verdict)));
}

/**
 * Where a finding about the request can be: on what the trace rests on, on rules and
 * routes of the host that it passes over, on the waypoint, and on the Namespace whose label is to name it.
 */
function placesOf(mesh: Mesh, entry: Resource<'ServiceEntry'>, { request, trace }: DeclaredTrace): readonly number[] {
  const rules = patternsFor(request.host).flatMap((pattern) => [
    ...mesh.destinationRulesAnywhere(pattern),
    ...mesh.virtualServices(pattern),
  ]);
  const binding = bindWaypoint(mesh, entry);
  const label = binding.state === 'unbound' ? undefined : binding.label;
  const waypoint = label ? mesh.named('Gateway', label.namespace, label.name) : [];
  return [
    ...[entry, ...mesh.named('Namespace', '', entry.namespace), ...rules, ...waypoint].map(({ id }) => id),
    ...trace.steps.flatMap((step) => step.evidence.map(({ resource }) => resource.id)),
  ];
}

/** Ids of the resources that findings are on, and of all in the documents that they point at. */
function reportedResources(workspace: Workspace): ReadonlySet<number> {
  const findings = [...workspace.uris].flatMap((uri) => workspace.findings(uri));
  const pointedAt = findings.flatMap(({ related }) => related).flatMap(({ uri }) => workspace.documents(uri));
  return new Set([
    ...findings.flatMap(({ resource }) => (resource ? [resource.id] : [])),
    ...pointedAt.flatMap(({ record }) => record.resources.map(({ id }) => id)),
  ]);
}
