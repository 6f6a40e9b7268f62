import type { Mesh } from '../../mesh/mesh.ts';
import { waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { bindTo } from '../shared/written-manifests.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { defineRule, type Change, type Fix, type RuleFinding } from '../rule.ts';

type Labelled = AnyResource<'ServiceEntry' | 'Service' | 'Namespace' | 'WorkloadEntry' | 'Pod'>;
interface Data {
  readonly case: 'annotation' | 'namespace-alone' | 'none' | 'empty' | 'external-name';
  readonly key: string;
}

export const useWaypointMisplaced = defineRule({
  id: 'use-waypoint-misplaced',
  stage: 'waypoint',
  summary:
    'Traffic does not go where a `use-waypoint` setting says, because it is written where or how Istio does not read it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0107', 'IST0108'],
  subjects: ['ServiceEntry', 'Service', 'Namespace', 'WorkloadEntry', 'Pod'],
  inputs: ['Gateway', 'GatewayClass', 'Namespace'],

  *check(object): Iterable<RuleFinding<Data>> {
    for (const key of [useWaypoint, useWaypointNamespace]) {
      const annotation = object.annotations.get(key);
      if (annotation)
        yield {
          at: annotation.key,
          message: `${describe(object)} does not use this waypoint: ${key} is an annotation here, and Istio reads only the label.`,
          data: { case: 'annotation', key },
        };
    }
    yield* badLabels(object);
    yield* onExternalName(object);
  },

  *fixes({ case: fault, key }, object, mesh) {
    const path = ['metadata', 'labels', key];
    if (fault === 'annotation') yield moveToLabels(object, key);
    if (fault === 'none')
      yield {
        title: 'Write none in lower case',
        safety: 'safe',
        changes: [{ op: 'set', in: object, path, value: 'none' }],
      };
    if (fault === 'namespace-alone') yield* useNamed(object, mesh, object.labels.get(key)?.value);
    if (fault === 'empty') yield* useNamed(object, mesh, undefined);
    if (fault === 'namespace-alone' || fault === 'empty')
      yield {
        title: 'Remove the label',
        safety: fault === 'empty' ? 'unsafe' : 'safe',
        changes: [{ op: 'remove', in: object, path }],
      };
  },
});

// istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go GetUseWaypoint.
function* badLabels(object: Labelled): Iterable<RuleFinding<Data>> {
  const name = object.labels.get(useWaypoint);
  const namespace = object.labels.get(useWaypointNamespace);
  if (!name && namespace && !object.annotations.has(useWaypoint)) {
    yield {
      at: namespace.key,
      message: `${useWaypointNamespace} is ignored: ${describe(object)} has no label ${useWaypoint}.`,
      data: { case: 'namespace-alone', key: useWaypointNamespace },
    };
  }
  if (name?.value === '') {
    yield {
      at: name.key,
      message: `Traffic to ${describe(object)} skips the waypoint: ${useWaypoint} is empty and names no Gateway.`,
      data: { case: 'empty', key: useWaypoint },
    };
  }
  if (name && name.value !== 'none' && name.value.toLowerCase() === 'none') {
    yield {
      at: name.span,
      message: `Istio reads "${name.value}" as the name of a Gateway: only none in lower case turns the waypoint off.`,
      data: { case: 'none', key: useWaypoint },
    };
  }
}

/** server/docs/istio-semantics.md §2.55; istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go serviceServiceBuilder. */
function* onExternalName(object: Labelled): Iterable<RuleFinding<Data>> {
  if (object.kind !== 'Service' || object.spec.type !== 'ExternalName') return;
  const name = object.labels.get(useWaypoint);
  if (!name || name.value === '' || name.value.toLowerCase() === 'none') return;
  yield {
    at: name.key,
    message: `Traffic to ${describe(object)} skips the waypoint: ambient mode does not know Services of type ExternalName, and the name leads to the real address of ${object.spec.externalName ?? 'the host'}; label a ServiceEntry for that host, and let clients call it by that name.`,
    data: { case: 'external-name', key: useWaypoint },
  };
}

function moveToLabels(object: Labelled, key: string): Fix {
  const changes: Change[] = [{ op: 'remove', in: object, path: ['metadata', 'annotations', key] }];
  const value = object.annotations.get(key)?.value ?? '';
  if (!object.labels.has(key)) changes.push({ op: 'set', in: object, path: ['metadata', 'labels', key], value });
  return { title: object.labels.has(key) ? 'Remove the annotation' : 'Convert to a label', safety: 'safe', changes };
}

function* useNamed(object: Labelled, mesh: Mesh, namespace: string | undefined): Iterable<Fix> {
  const waypoints = waypointsFor(mesh, object.kind === 'Namespace' ? object.name : object.namespace);
  for (const waypoint of waypoints.filter((it) => namespace === undefined || it.namespace === namespace).slice(0, 3)) {
    yield {
      title: `Use waypoint ${waypoint.namespace}/${waypoint.name}`,
      safety: 'unsafe',
      changes: bindTo(object, waypoint),
    };
  }
}
