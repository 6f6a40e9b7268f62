import { filterInSteps } from '../../base/steps.ts';
import { bindWaypoint, waypointLabelOf } from '../../mesh/binding/waypoint-binding.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { capturesDnsByDefault } from '../../mesh/clients/dns-capture.ts';
import { hasRule } from '../../mesh/destination-rules/matching-rules.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypoint } from '../../model/label-names.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type IsReported, type RuleFinding } from '../rule.ts';
import { intendedWaypoint, waypointBeside } from '../shared/intent.ts';
import { isUnlabelled, isUsed } from '../shared/waypoint-objects.ts';
import { bindTo } from '../shared/written-manifests.ts';
import {
  declaredTraces,
  explanationOf,
  findingOf,
  firstOfEachPlace,
  requestText,
  traceInputs,
  type DeclaredTrace,
} from './declared-traces.ts';
import { apartFromKin, type WaypointData } from './apart-from-kin.ts';
import { calledByAlias } from './called-by-alias.ts';
import { reportedAlready } from './reported-already.ts';
import { rulesForBypass } from './rules-by-cause.ts';

export const requestBypasses = defineRule({
  id: 'request-bypasses',
  stage: 'trace',
  summary: 'A request that a ServiceEntry declares leaves the mesh without the waypoint that is meant for it.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: traceInputs,

  *check(entry, mesh, isReported): Iterable<RuleFinding<WaypointData | null> | undefined> {
    const forgotten = [...forgottenLabel(mesh, entry, isReported)];
    yield* forgotten;
    if (forgotten.length === 0) yield* apartFromKin(mesh, entry, isReported);
    // What else shows that a waypoint is meant (a policy, a route, a rule) is for `egress-bypasses-waypoint` to weigh. Where no
    // client's DNS is captured, `dns-capture-disabled` and `service-entry-without-address` speak of all hosts at once.
    if (!intendedWaypoint(mesh, entry) || !capturesDnsByDefault(mesh)) return;
    yield* calledByAlias(mesh, entry);
    const isTold = reportedAlready(mesh, entry, isReported);
    const bypassing = yield* declaredTraces(mesh, entry, 'bypasses');
    const unreported = yield* filterInSteps(bypassing, (one) => !isTold(one, rulesForBypass));
    // Sidecars of other namespaces are the matter of `sidecar-client-bypasses-waypoint`, once for each waypoint.
    const fromSidecar = unreported.find((one) => one.client.kind === 'own' && isFromSidecar(mesh, one));
    if (fromSidecar) yield bySidecar(mesh, entry, fromSidecar);
    for (const one of firstOfEachPlace(unreported.filter((other) => !isFromSidecar(mesh, other))))
      yield findingOf(entry, one, `${requestText(one.request)} bypasses the waypoint: ${explanationOf(one)}`);
  },

  *fixes(data, entry, mesh) {
    // With a waypoint the rules for the host begin to count, and may be wrong for it.
    if (!data?.waypoint || hostsOfEntry(entry).some((host) => hasRule(mesh, host))) return;
    const { waypoint } = data;
    yield {
      title: `Bind to waypoint ${waypoint.namespace}/${waypoint.name}`,
      safety: 'unsafe',
      changes: bindTo(entry, waypoint),
    };
  },
});

function isFromSidecar(mesh: Mesh, { request }: DeclaredTrace): boolean {
  return namespaceDataPlane(mesh, request.from.namespace).mode === 'sidecar';
}

/** At what names the waypoint. */
function bySidecar(mesh: Mesh, entry: Resource<'ServiceEntry'>, one: DeclaredTrace): RuleFinding<WaypointData | null> {
  const label = waypointLabelOf(mesh, entry);
  const finding = findingOf(
    entry,
    one,
    `${requestText(one.request)} from namespace ${one.request.from.namespace} bypasses the waypoint: its pods have sidecars, which do not use waypoints.`,
  );
  const { in: _, ...here } = finding;
  return { ...here, at: label?.on.id === entry.id ? label.field.span : entry.at.name };
}

/**
 * A waypoint is beside the entry, and no label in the files names it. Without the Namespace, which could carry one, this is a
 * condition. Where others name the waypoint themselves, an entry that does not is taken to be left out on purpose.
 */
function* forgottenLabel(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  isReported: IsReported,
): Iterable<RuleFinding<WaypointData | null>> {
  const binding = bindWaypoint(mesh, entry);
  const waypoint = waypointBeside(mesh, entry);
  if (!waypoint || !isUnlabelled(binding)) return;
  const places = [entry, ...mesh.named('Namespace', '', entry.namespace)];
  const isTold = places.some((place) => isReported(place, [...rulesForBypass, 'dynamic-dns-without-waypoint']));
  if (isTold || isUsed(mesh, waypoint)) return;
  const host = entry.spec.hosts[0]?.value ?? entry.name;
  const start = `Requests to ${host} bypass waypoint ${waypoint.namespace}/${waypoint.name}`;
  const finding = {
    at: entry.at.name,
    related: [{ resource: waypoint, at: waypoint.at.name, message: 'This waypoint is in the same namespace.' }],
    data: { waypoint: { namespace: waypoint.namespace, name: waypoint.name } },
  };
  yield binding.state === 'unbound'
    ? {
        ...finding,
        message: `${start}: neither ${describe(entry)} nor Namespace ${entry.namespace} carries the label ${useWaypoint}.`,
      }
    : {
        ...finding,
        message: `${start} unless Namespace ${entry.namespace}, which is not in these files, carries the label ${useWaypoint}.`,
        severity: 'information',
      };
}
