// What a finding says of a request, a trace shows: in random meshes each error and warning that speaks of requests has one.
// TRACE_MESHES=1000 tries that many; TRACE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../server/src/engine/finding.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { assumedNamespace, declaredRequests } from '../../../server/src/eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { isHiddenFrom, scopeOf } from '../../../server/src/mesh/hosts/visibility.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { dataplaneMode, podInjection } from '../../../server/src/model/label-names.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { declaredTraces } from '../../../server/src/rules/trace/declared-traces.ts';
import { randomWorkspaces } from '../../kit/random-workspace.ts';
import { claims, type Claim } from '../../kit/claims-of-rules.ts';

const wanted = Number(process.env['TRACE_MESHES'] ?? 216);
const seed = Number(process.env['TRACE_SEED'] ?? 20261129);

test(`${wanted} random meshes: each error and warning about requests is shown by a trace`, () => {
  const unshown: string[] = [];
  const counted = new Map<Claim, number>();
  for (const { title, workspace } of randomWorkspaces(seed, wanted)) {
    const traces = tracesOf(workspace.writtenMesh);
    for (const finding of [...workspace.uris].flatMap((uri) => workspace.findings(uri))) {
      const claim = claims[finding.rule];
      if (!['error', 'warning'].includes(finding.severity) || !claim || typeof claim === 'object') continue;
      counted.set(claim, (counted.get(claim) ?? 0) + 1);
      if (!isShown(finding, claim, traces, workspace)) unshown.push(`${title}: [${finding.rule}] ${finding.message}`);
    }
  }
  assert.deepEqual(unshown, []);
  for (const claim of ['goes-wrong', 'goes-wrong-if-met', 'is-met'] as const)
    assert.ok((counted.get(claim) ?? 0) > wanted / 10, `only ${counted.get(claim)} findings claim ${claim}`);
});

interface Shown {
  readonly trace: Trace;
  /** Ids of all that it rests on. */
  readonly evidence: ReadonlySet<number>;
}

/** All declared requests, also of clients that nothing shows to be there: a rule speaks for any client. */
function tracesOf(mesh: Mesh): readonly Shown[] {
  return mesh.all('ServiceEntry').flatMap((entry) => {
    const followed = (['fails', 'bypasses', 'undetermined'] as const).flatMap((verdict) =>
      declaredTraces(mesh, entry, verdict).map((one) => one.trace),
    );
    const assumed = assumedRequests(mesh, entry).map((request) => trace(mesh, request));
    return [...followed, ...assumed].map((one) => ({ trace: one, evidence: new Set([entry.id, ...evidenceOf(one)]) }));
  });
}

function assumedRequests(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly TraceRequest[] {
  const { namespace } = entry;
  const scope = scopeOf(mesh, entry);
  const withSidecar = scope === 'everywhere' || scope === 'nowhere' ? [namespace] : [...scope];
  return [
    ...withSidecar.flatMap((one) => requestsWith(mesh, entry, one, podInjection, 'true')),
    ...declaredRequests(mesh, entry, [assumedNamespace]),
    ...(isHiddenFrom(mesh, namespace, assumedNamespace)
      ? requestsWith(mesh, entry, namespace, dataplaneMode, 'ambient')
      : []),
  ];
}

function requestsWith(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  namespace: string,
  label: string,
  value: string,
): readonly TraceRequest[] {
  return declaredRequests(mesh, entry, [namespace]).map((request) => ({
    ...request,
    from: { ...request.from, labels: new Map([[label, value]]) },
  }));
}

function evidenceOf({ steps, candidates }: Trace): readonly number[] {
  return [
    ...steps.flatMap(({ evidence }) => evidence.map(({ resource }) => resource.id)),
    ...candidates.flatMap(evidenceOf),
  ];
}

function isShown(finding: Finding, claim: Claim, traces: readonly Shown[], workspace: Workspace): boolean {
  const id = finding.resource?.id;
  const meeting = traces.filter(({ evidence }) => id !== undefined && evidence.has(id));
  const goesWrong = (shown: readonly Shown[]) => shown.some((one) => one.trace.verdict !== 'allowed');
  switch (claim) {
    case 'is-met':
      return meeting.length > 0;
    case 'goes-wrong-if-met':
      return meeting.length === 0 || goesWrong(meeting);
    case 'goes-wrong': {
      if (meeting.length > 0) return goesWrong(meeting);
      // A rule that no request meets can be what fails those to the host that the finding points at.
      const pointedAt = finding.related.flatMap(({ uri }) => workspace.documents(uri));
      const ids = pointedAt.flatMap(({ record }) => record.resources.map((resource) => resource.id));
      return goesWrong(traces.filter(({ evidence }) => ids.some((one) => evidence.has(one))));
    }
  }
}
