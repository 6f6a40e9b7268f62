import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { labelWithoutWaypoint, missingWaypoint, namespaceOf, type Labelled } from '../shared/missing-waypoint.ts';
import { admitting, bindTo } from '../shared/written-manifests.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { decidingListener, isWaypointClass, servesServices, trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import { visibilityOf } from '../../mesh/hosts/visibility.ts';
import { defineRule, type Change } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const unknownWaypoint = defineRule({
  id: 'unknown-waypoint',
  stage: 'reference',
  summary: 'A `use-waypoint` label names a Gateway that does not exist, so traffic skips the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171', 'KIA1313'],
  subjects: ['ServiceEntry', 'Service', 'Namespace'],
  inputs: bindingInputs,

  *check(object, mesh) {
    // The label of a namespace is reported there, once, and not at each object that it binds.
    const label = labelWithoutWaypoint(mesh, object);
    if (!label) return;
    const { cluster } = mesh.settings;
    const [elsewhere] = waypointsElsewhere(mesh, label);
    // If no manifest declares a waypoint, `istioctl waypoint apply` probably created them all; a connected cluster would show them.
    const madeElsewhere =
      cluster === undefined &&
      waypointsFor(mesh, namespaceOf(object)).length === 0 &&
      (!elsewhere || label.name === defaultName);
    const missing = `Gateway ${label.namespace}/${label.name}`;
    const namesake =
      elsewhere && !object.labels.has(useWaypointNamespace)
        ? `, and for ${describe(elsewhere)} the label ${useWaypointNamespace}: ${elsewhere.namespace} is missing`
        : '';
    const outcome = `Traffic to ${subjectOf(object)} skips the waypoint`;
    const finding = {
      at: label.field.span,
      message: madeElsewhere
        ? `${outcome} unless the cluster has ${missing}: these files do not${namesake}.`
        : `${outcome}: there is no ${missing} in these files${cluster === undefined ? '' : ` or in cluster ${cluster}`}${namesake}.`,
      related:
        object.kind === 'Namespace'
          ? relatedTo(entriesOf(mesh, object.name), (name) => `Traffic to ${name} skips the waypoint.`)
          : [],
      data: { namespace: label.namespace, name: label.name },
    };
    yield madeElsewhere ? { ...finding, severity: 'information' } : finding;
  },

  *fixes({ namespace, name }, object, mesh) {
    const nearest = mesh.nearestName('Gateway', namespace, name);
    const found = waypointsFor(mesh, namespaceOf(object));
    const ordered = [
      ...found.filter((gateway) => gateway.name === nearest),
      ...found.filter((gateway) => gateway.name !== nearest),
    ];
    for (const gateway of ordered.slice(0, 3)) {
      yield {
        title: `Use waypoint ${gateway.namespace}/${gateway.name}`,
        safety: 'unsafe',
        changes: bindTo(object, gateway),
      };
    }
    const home = namespaceOf(object);
    for (const gateway of waypointsElsewhere(mesh, { namespace, name }).filter((one) => !found.includes(one))) {
      const admission = admissionOf(mesh, gateway, home);
      if (admission)
        yield {
          title: `Use waypoint ${gateway.namespace}/${gateway.name}, which then accepts ${home}`,
          safety: 'unsafe',
          changes: [...bindTo(object, gateway), admission],
        };
    }
    const manifest = missingWaypoint(mesh, object, { namespace, name });
    if (manifest === undefined) return;
    yield {
      title: `Create waypoint ${namespace}/${name}`,
      safety: 'unsafe',
      changes: [{ op: 'create-file', beside: object, fileName: `${name}.yaml`, manifest }],
    };
  },
});

/** As `istioctl waypoint apply` names one in each namespace. */
const defaultName = 'waypoint';

/** Waypoints of that name in other namespaces. Those of all names are found at once. */
function waypointsElsewhere(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly Resource<'Gateway'>[] {
  const byName = mesh.derived('waypoints by name', (view) =>
    groupBy(
      view.all('Gateway').filter((one) => isWaypointClass(one, view.settings) === true),
      (one) => one.name,
    ),
  );
  return byName.get(name)?.filter((one) => one.namespace !== namespace) ?? [];
}

/** Lets objects of the namespace attach besides those of its own, which is the default. */
function admissionOf(mesh: Mesh, gateway: Resource<'Gateway'>, namespace: string): Change | undefined {
  const listener = decidingListener(mesh, gateway);
  const isOpen = visibilityOf(mesh, namespace) === 'PUBLIC' && servesServices(trafficType(mesh, gateway)) === true;
  if (!listener || !isOpen || (listener.allowedRoutes?.from?.value ?? 'Same') !== 'Same') return undefined;
  const path = ['spec', 'listeners', listener.index, 'allowedRoutes', 'namespaces'];
  return { op: 'set', in: gateway, path, value: admitting([gateway.namespace, namespace]) };
}

function subjectOf(object: Labelled): string {
  return object.kind === 'Namespace' ? `namespace ${object.name}` : describe(object);
}

/** Those that rely on the namespace's label. */
function entriesOf(mesh: Mesh, namespace: string): readonly Resource<'ServiceEntry'>[] {
  return mesh.inNamespace('ServiceEntry', namespace).filter(({ labels }) => !labels.has(useWaypoint));
}
