import { couldBe, workloadDataPlane } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { entriesBehind } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

const annotation = 'ambient.istio.io/dns-capture';

export const dnsCaptureDisabled = defineRule({
  id: 'dns-capture-disabled',
  stage: 'capture',
  summary: 'Pods, or all of the mesh, do without DNS capture, so that hosts have no address of the mesh for them.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Pod', 'Workload', 'Gateway'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass', 'ServiceEntry', 'Service'],

  *check(subject: AnyResource<'Pod' | 'Workload' | 'Gateway'>, mesh): Iterable<RuleFinding<object>> {
    if (!since(mesh.settings, '1.25')) return;
    if (subject.kind === 'Gateway') yield* forAll(mesh, subject);
    else yield* forPods(mesh, subject);
  },
});

function* forPods(mesh: Mesh, workload: Resource<'Pod'> | Resource<'Workload'>): Iterable<RuleFinding<object>> {
  const field =
    workload.spec.annotations.get(annotation) ??
    (workload.kind === 'Pod' ? workload.annotations.get(annotation) : undefined);
  if (field?.value.toLowerCase() !== 'false' || !couldBe(workloadDataPlane(mesh, workload), 'ambient')) return;
  // istio@86c9f01 cni/pkg/constants/constants.go; releasenotes/notes/54935.yaml.
  yield {
    at: field.span,
    message: `Pods of ${describe(workload)} look up hosts outside the mesh, so that their calls go past every egress waypoint.`,
    data: {},
  };
}

/** Switched off for the mesh by its settings, on purpose or by `compatibilityVersion`: told once, at the waypoint that nobody then comes to. */
function* forAll(mesh: Mesh, gateway: Resource<'Gateway'>): Iterable<RuleFinding<object>> {
  if (mesh.settings.dnsCapture || isWaypointClass(gateway, mesh.settings) !== true) return;
  const passed = entriesBehind(mesh, gateway);
  if (passed.length === 0) return;
  yield {
    at: gateway.at.name,
    message: `The mesh's settings turn DNS capture off, so that calls to ${listOf(passed)} go past ${describe(gateway)}.`,
    related: relatedTo(passed, (name) => `${name} is dialled by the address that DNS outside the mesh gives.`),
    data: {},
  };
}
