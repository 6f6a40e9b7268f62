// What a finding says of a request, a trace shows: in random meshes each error and warning that speaks of requests has one.
// TRACE_MESHES=1000 tries that many; TRACE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import type { Finding } from '../../../server/src/engine/finding.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { concreteHost } from '../../../server/src/eval/trace/concrete-host.ts';
import { assumedNamespace, declaredRequests } from '../../../server/src/eval/trace/declared-requests.ts';
import { plainRequest } from '../../../server/src/eval/trace/samples-of-routes.ts';
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { isHiddenFrom, scopeOf } from '../../../server/src/mesh/hosts/visibility.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { dataplaneMode, podInjection } from '../../../server/src/model/label-names.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { patternsFor } from '../../../server/src/names/hosts.ts';
import { protocolKind } from '../../../server/src/names/protocols.ts';
import { declaredTraces } from '../../../server/src/rules/trace/declared-traces.ts';
import { tracesOfRoute } from '../../../server/src/rules/trace/traces-of-route.ts';
import { classicWorkspaces, randomWorkspaces } from '../../kit/random-workspace.ts';
import { clientNamespaces } from '../../oracle/classic/world.ts';
import { claimOf, type Claim } from '../../kit/claims-of-rules.ts';

const wanted = Number(process.env['TRACE_MESHES'] ?? 216);
const seed = Number(process.env['TRACE_SEED'] ?? 20261129);

test(`${wanted} random meshes: each error and warning about requests is shown by a trace`, () => {
  const unshown: string[] = [];
  const counted = new Map<Claim, number>();
  for (const { title, workspace } of randomWorkspaces(seed, wanted)) {
    const traces = tracesOf(workspace.writtenMesh);
    for (const finding of [...workspace.uris].flatMap((uri) => workspace.findings(uri))) {
      const claim = claimOf(finding);
      if (!['error', 'warning'].includes(finding.severity) || !claim || typeof claim === 'object') continue;
      counted.set(claim, (counted.get(claim) ?? 0) + 1);
      if (!isShown(finding, claim, traces, workspace)) unshown.push(`${title}: [${finding.rule}] ${finding.message}`);
    }
  }
  assert.deepEqual(unshown, []);
  for (const claim of ['goes-wrong', 'goes-wrong-if-met', 'is-met'] as const)
    assert.ok((counted.get(claim) ?? 0) > wanted / 10, `only ${counted.get(claim)} findings claim ${claim}`);
});

test(`${wanted} random meshes with egress gateways: each error and warning about requests is shown by a trace`, () => {
  const unshown: string[] = [];
  let counted = 0;
  for (const { title, workspace } of classicWorkspaces(seed, wanted)) {
    const { writtenMesh: mesh } = workspace;
    // A Sidecar can hide an entry from every client; what is wrong with the entry is wrong for those that will see it.
    const isHidden = mesh.all('Sidecar').length > 0;
    const traces = [
      ...tracesOf(mesh),
      ...mesh
        .all('ServiceEntry')
        .flatMap((entry) =>
          declaredRequests(mesh, entry, clientNamespaces).map((request) => shown(entry, trace(mesh, request))),
        ),
      ...servedRequests(mesh),
      ...routedRequests(mesh),
    ];
    for (const finding of [...workspace.uris].flatMap((uri) => workspace.findings(uri))) {
      const claim = claimOf(finding);
      if (!['error', 'warning'].includes(finding.severity) || !claim || typeof claim === 'object' || claim === 'is-met')
        continue;
      counted++;
      if (!isShown(finding, claim, traces, workspace) && !isHidden)
        unshown.push(`${title}: [${finding.rule}] ${finding.message}`);
    }
  }
  assert.deepEqual(unshown, []);
  assert.ok(counted > wanted / 2, `only ${counted} findings`);
});

interface Shown {
  readonly trace: Trace;
  /** The id of the ServiceEntry that declares the request. */
  readonly entry: number;
  /** Ids of all that it rests on. */
  readonly evidence: ReadonlySet<number>;
}

/** All declared requests, also of clients that nothing shows to be there: a rule speaks for any client. */
function tracesOf(mesh: Mesh): readonly Shown[] {
  return mesh.all('ServiceEntry').flatMap((entry) => {
    const followed = (['fails', 'bypasses', 'undetermined'] as const).flatMap((verdict) =>
      drained(declaredTraces(mesh, entry, verdict)).map((one) => one.trace),
    );
    const assumed = assumedRequests(mesh, entry).map((request) => trace(mesh, request));
    return [...followed, ...assumed].map((one) => shown(entry, one));
  });
}

/** A server of a Gateway takes requests to ports that no entry need list. */
function servedRequests(mesh: Mesh): readonly Shown[] {
  return mesh
    .all('IstioGateway')
    .flatMap(({ spec }) => spec.servers)
    .flatMap(({ port, protocol, hosts }) =>
      hosts.flatMap(({ value }) => {
        const host = concreteHost(value.slice(value.indexOf('/') + 1));
        const entry = host === undefined ? undefined : entryOf(mesh, host);
        if (host === undefined || port === undefined || !entry) return [];
        const scheme = protocolKind(protocol?.value) === 'http' ? 'http' : 'https';
        return clientNamespaces.map((namespace) => {
          const from = { namespace, serviceAccount: 'default', labels: new Map<string, string>() };
          return shown(entry, trace(mesh, { ...plainRequest, scheme, host, port, sni: undefined, from }));
        });
      }),
    );
}

/** Those that a route's own match describes, labels of the pods among it. */
function routedRequests(mesh: Mesh): readonly Shown[] {
  return mesh.all('VirtualService').flatMap((service) =>
    tracesOfRoute(mesh, service).flatMap((one) => {
      const entry = entryOf(mesh, one.request.host);
      return entry ? [shown(entry, one.trace)] : [];
    }),
  );
}

function entryOf(mesh: Mesh, host: string): Resource<'ServiceEntry'> | undefined {
  const owners = patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern).map(({ resource }) => resource));
  return owners.find((owner) => owner.kind === 'ServiceEntry');
}

function shown(entry: Resource<'ServiceEntry'>, one: Trace): Shown {
  return { trace: one, entry: entry.id, evidence: new Set([entry.id, ...evidenceOf(one)]) };
}

function assumedRequests(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly TraceRequest[] {
  const { namespace } = entry;
  const scope = scopeOf(mesh, entry);
  const everywhere = [...new Set([namespace, ...mesh.all('Namespace').map(({ name }) => name)])];
  const withSidecar = typeof scope === 'string' ? { everywhere, nowhere: [namespace] }[scope] : [...scope];
  return [
    ...withSidecar.flatMap((one) => podsWithSidecar(mesh, one).flatMap((pod) => requestsWith(mesh, entry, one, pod))),
    ...declaredRequests(mesh, entry, [assumedNamespace]),
    ...(isHiddenFrom(mesh, namespace, assumedNamespace)
      ? requestsWith(mesh, entry, namespace, new Map([[dataplaneMode, 'ambient']]))
      : []),
  ];
}

/** Labels of pods that the rules of the namespace treat differently. */
function podsWithSidecar(mesh: Mesh, namespace: string): readonly ReadonlyMap<string, string>[] {
  const selectors = mesh
    .inNamespace('DestinationRule', namespace)
    .flatMap(({ spec }) => (spec.workloadSelector ? [spec.workloadSelector.matchLabels] : []));
  return [new Map<string, string>(), ...selectors].map((labels) => new Map([[podInjection, 'true'], ...labels]));
}

function requestsWith(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  namespace: string,
  labels: ReadonlyMap<string, string>,
): readonly TraceRequest[] {
  return declaredRequests(mesh, entry, [namespace]).map((request) => ({
    ...request,
    from: { ...request.from, labels },
  }));
}

/** The Namespace of the client says how its pods join; what its label names as the waypoint is not on their way. */
function evidenceOf({ steps, candidates }: Trace): readonly number[] {
  return [
    ...steps.flatMap(({ stage, evidence }) => (stage === 'capture' ? [] : evidence.map(({ resource }) => resource.id))),
    ...candidates.flatMap(evidenceOf),
  ];
}

/** The name gets no address in the mesh, so that the request leaves beside the entry, which is for nothing. */
function isPassedBy({ trace: { steps } }: Shown): boolean {
  return steps.some(({ stage, outcome, evidence }) => stage === 'dns' && outcome === 'no' && evidence.length > 0);
}

/** It is open which of two entries the request is for, even where both lead to the host. */
function isChosenByAge({ trace: { steps } }: Shown): boolean {
  return steps.some(({ stage, outcome }) => stage === 'service' && outcome === 'unknown');
}

function isShown(finding: Finding, claim: Claim, traces: readonly Shown[], workspace: Workspace): boolean {
  const id = finding.resource?.id;
  const meeting = traces.filter(({ evidence }) => id !== undefined && evidence.has(id));
  const goesWrong = (shown: readonly Shown[]) =>
    shown.some((one) => one.trace.verdict !== 'allowed' || isPassedBy(one) || isChosenByAge(one));
  const pointedAt = finding.related.flatMap(({ uri }) => workspace.documents(uri));
  const ids = pointedAt.flatMap(({ record }) => record.resources.map((resource) => resource.id));
  switch (claim) {
    case 'is-met': {
      // A route can end all requests to the host that the finding names before they come to the object, which is next then.
      const named = traces.filter(({ entry }) => ids.includes(entry)).map((one) => one.trace.verdict);
      return meeting.length > 0 || (named.includes('fails') && !named.includes('allowed'));
    }
    case 'goes-wrong-if-met':
      // At a waypoint that serves other hosts as well, the finding names the entries that it speaks of.
      return meeting.length === 0 || goesWrong(meeting) || goesWrong(traces.filter(({ entry }) => ids.includes(entry)));
    case 'goes-wrong': {
      if (meeting.length > 0) return goesWrong(meeting);
      // A rule that no request meets can be what fails those to the host that the finding points at.
      return goesWrong(traces.filter(({ evidence }) => ids.some((one) => evidence.has(one))));
    }
  }
}
