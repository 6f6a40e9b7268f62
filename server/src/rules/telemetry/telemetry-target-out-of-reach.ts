import { eachInSteps } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Telemetry } from '../../mesh/telemetry/namespace-telemetries.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { gatewayName } from '../../model/label-names.ts';
import { defineRule, type Related } from '../rule.ts';
import { entriesBehind, waypointNamed } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';

interface Data {
  readonly selected: string | undefined;
}

export const telemetryTargetOutOfReach = defineRule<'Telemetry', Data>({
  id: 'telemetry-target-out-of-reach',
  stage: 'telemetry',
  summary: 'A Telemetry that names a waypoint does not apply to the hosts of the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Telemetry'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, 'AuthorizationPolicy', 'BackendTLSPolicy'],

  *check(telemetry, mesh) {
    const { targetRefs, selector } = telemetry.spec;
    const selected = selector?.matchLabels.get(gatewayName);
    const waypoint = selected === undefined ? undefined : waypointNamed(mesh, telemetry.namespace, selected);
    if (waypoint) {
      const related: Related[] = [
        {
          resource: waypoint,
          at: waypoint.at.name,
          message: `${describe(waypoint)} applies a Telemetry that names it in \`targetRefs\`.`,
        },
      ];
      yield {
        at: selector!.key,
        message: `${describe(waypoint)} does not apply this Telemetry: a waypoint ignores selectors, so use targetRefs.`,
        related,
        data: { selected },
      };
    }
    for (const { kind, name } of targetRefs) {
      const beyond = kind?.value === 'Gateway' && name ? outOfReach(mesh, telemetry, name.value) : [];
      if (beyond.length === 0) continue;
      yield {
        at: name!.span,
        // istio@86c9f01 pilot/pkg/model/telemetry.go applicableTelemetries: references are looked up in the service's namespace.
        message: `This Telemetry does not apply to ${listOf(beyond)}: with a Gateway as target it applies only to hosts in namespace ${telemetry.namespace}.`,
        related: relatedTo(beyond, (entry) => `This Telemetry does not apply to ${entry}.`),
        data: { selected: undefined },
      };
    }
  },

  *fixes({ selected }, telemetry) {
    if (selected === undefined) return;
    const ref = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: selected };
    yield {
      title: `Attach to Gateway ${selected}`,
      safety: 'unsafe',
      changes: [
        { op: 'remove', in: telemetry, path: ['spec', 'selector'] },
        { op: 'append', in: telemetry, path: ['spec', 'targetRefs'], value: ref },
      ],
    };
  },
});

/** Entries of other namespaces that nothing of their own sets telemetry for: one list for all Telemetries of the waypoint. */
function outOfReach(mesh: Mesh, { namespace }: Telemetry, name: string): readonly Resource<'ServiceEntry'>[] {
  const waypoint = waypointNamed(mesh, namespace, name);
  if (!waypoint) return [];
  return mesh.derivedInSteps(`entries beyond telemetries at ${waypoint.id}`, (view) => beyondInSteps(view, waypoint));
}

function* beyondInSteps(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
): Generator<undefined, readonly Resource<'ServiceEntry'>[]> {
  const found: Resource<'ServiceEntry'>[] = [];
  yield* eachInSteps(entriesBehind(mesh, waypoint), (entry) => {
    if (entry.namespace === waypoint.namespace) return;
    const own = mesh.targeting('ServiceEntry', entry.namespace, entry.name);
    if (!own.some(({ kind }) => kind === 'Telemetry')) found.push(entry);
  });
  return found;
}
