import { couldBe, workloadDataPlane } from '../../mesh/clients/data-plane.ts';
import { dnsCaptureOff } from '../../mesh/clients/dns-capture.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { entriesBehind } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const dnsCaptureDisabled = defineRule({
  id: 'dns-capture-disabled',
  stage: 'capture',
  summary:
    'DNS capture is off for pods or for the whole mesh, so clients get the real addresses of hosts and skip the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Pod', 'Workload', 'Gateway'],
  inputs: bindingInputs,

  *check(subject: AnyResource<'Pod' | 'Workload' | 'Gateway'>, mesh): Iterable<RuleFinding<object>> {
    if (!since(mesh.settings, '1.25')) return;
    if (subject.kind === 'Gateway') yield* forAll(mesh, subject);
    else yield* forPods(mesh, subject);
  },
});

function* forPods(mesh: Mesh, workload: Resource<'Pod'> | Resource<'Workload'>): Iterable<RuleFinding<object>> {
  const field = dnsCaptureOff(workload);
  if (!field || !couldBe(workloadDataPlane(mesh, workload), 'ambient')) return;
  // istio@86c9f01 cni/pkg/constants/constants.go; releasenotes/notes/54935.yaml.
  yield {
    at: field.span,
    message: `Calls from ${describe(workload)} skip every egress waypoint: this annotation turns off DNS capture, so its pods get the real addresses of hosts.`,
    data: {},
  };
}

/** Turned off for the mesh by its settings or by `compatibilityVersion`: reported once, at the waypoint that then gets no traffic. */
function* forAll(mesh: Mesh, gateway: Resource<'Gateway'>): Iterable<RuleFinding<object>> {
  if (mesh.settings.dnsCapture || isWaypointClass(gateway, mesh.settings) !== true) return;
  const passed = entriesBehind(mesh, gateway);
  if (passed.length === 0) return;
  yield {
    at: gateway.at.name,
    message: `Calls to ${listOf(passed)} skip ${describe(gateway)}: the mesh configuration turns DNS capture off.`,
    related: relatedTo(passed, (name) => `Clients call ${name} at its real address.`),
    data: {},
  };
}
