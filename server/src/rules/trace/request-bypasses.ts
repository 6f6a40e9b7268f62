import { bindWaypoint, waypointLabelOf } from '../../mesh/binding/waypoint-binding.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { capturesDnsByDefault } from '../../mesh/clients/dns-capture.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type IsReported, type RuleFinding } from '../rule.ts';
import { intendedWaypoint, waypointBeside } from '../shared/intent.ts';
import {
  declaredTraces,
  explanationOf,
  findingOf,
  firstOfEachPlace,
  isReportedAlready,
  requestText,
  traceInputs,
  type DeclaredTrace,
} from './declared-traces.ts';
import { rulesForBypass } from './rules-by-cause.ts';

export const requestBypasses = defineRule({
  id: 'request-bypasses',
  stage: 'trace',
  summary: 'A request that a ServiceEntry declares leaves the mesh without the waypoint that is meant for it.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: traceInputs,

  *check(entry, mesh, isReported) {
    yield* forgottenLabel(mesh, entry, isReported);
    // What else shows that a waypoint is meant (a policy, a route, a rule) is for `egress-bypasses-waypoint` to weigh. Where no
    // client's DNS is captured, `dns-capture-disabled` and `service-entry-without-address` speak of all hosts at once.
    if (!intendedWaypoint(mesh, entry) || !capturesDnsByDefault(mesh)) return;
    const unreported = declaredTraces(mesh, entry, 'bypasses').filter(
      (one) => !isReportedAlready(mesh, entry, one, rulesForBypass, isReported),
    );
    // Sidecars of other namespaces are the matter of `sidecar-client-bypasses-waypoint`, once for each waypoint.
    const fromSidecar = unreported.find((one) => one.client.kind === 'own' && isFromSidecar(mesh, one));
    if (fromSidecar) yield bySidecar(mesh, entry, fromSidecar);
    for (const one of firstOfEachPlace(unreported.filter((other) => !isFromSidecar(mesh, other))))
      yield findingOf(entry, one, `${requestText(one.request)} bypasses the waypoint: ${explanationOf(one)}`);
  },
});

function isFromSidecar(mesh: Mesh, { request }: DeclaredTrace): boolean {
  return namespaceDataPlane(mesh, request.from.namespace).mode === 'sidecar';
}

/** At what names the waypoint. */
function bySidecar(mesh: Mesh, entry: Resource<'ServiceEntry'>, one: DeclaredTrace): RuleFinding<null> {
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
 * A waypoint is beside the entry, no label in the files names it, and the Namespace, which could carry one, is in no file. Where
 * other entries name the waypoint themselves, one that does not is taken to be left out on purpose.
 */
function* forgottenLabel(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  isReported: IsReported,
): Iterable<RuleFinding<null>> {
  const binding = bindWaypoint(mesh, entry);
  const waypoint = waypointBeside(mesh, entry);
  if (binding.state !== 'unknown' || binding.label || !waypoint) return;
  if (mesh.enrolled(waypoint.namespace, waypoint.name).length > 0 || isReported(entry, rulesForBypass)) return;
  yield {
    at: entry.at.name,
    message: `Requests to ${entry.spec.hosts[0]?.value ?? entry.name} bypass waypoint ${waypoint.namespace}/${waypoint.name} unless Namespace ${entry.namespace}, which is not in these files, carries the label istio.io/use-waypoint.`,
    related: [{ resource: waypoint, at: waypoint.at.name, message: 'This waypoint is in the same namespace.' }],
    data: null,
    severity: 'information',
  };
}
