import { decidingListener, isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Resource } from '../../model/resource.ts';
import { objectsNotAdmitted } from '../shared/refused-enrolments.ts';
import { admitting } from '../shared/written-manifests.ts';
import { defineRule, type Change } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';

type Gateway = Resource<'Gateway'>;

export const waypointAttachmentDenied = defineRule({
  id: 'waypoint-attachment-denied',
  stage: 'waypoint',
  summary: 'A waypoint does not accept the namespace of a ServiceEntry that names it, so its traffic goes direct.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: ['Gateway'],
  inputs: bindingInputs,

  *check(gateway, mesh) {
    const listener = decidingListener(mesh, gateway);
    // Without a Gateway, or with a class that is not a waypoint class, another rule reports the cause.
    if (!listener || isWaypointClass(gateway, mesh.settings) === false) return;
    const refused = objectsNotAdmitted(mesh, gateway);
    if (refused.length === 0) return;
    const from = listener.allowedRoutes?.from;
    yield {
      at: from?.span ?? listener.allowedRoutes?.key ?? listener.name?.span ?? listener.span,
      message: `Traffic to ${listOf(refused)} skips waypoint ${gateway.namespace}/${gateway.name}: its allowedRoutes accept ${admitted(gateway, from?.value)}.`,
      related: relatedTo(refused, (name) => `Traffic to ${name} goes direct.`),
      data: {
        index: listener.index,
        from: from?.value ?? 'Same',
        namespaces: [...new Set(refused.map(({ namespace }) => namespace))],
      },
    };
  },

  *fixes({ index, from, namespaces }, gateway) {
    const path = ['spec', 'listeners', index, 'allowedRoutes', 'namespaces'];
    if (from === 'Same') {
      const value = admitting([
        gateway.namespace,
        ...namespaces.filter((namespace) => namespace !== gateway.namespace),
      ]);
      yield {
        title: `Allow ${namespaces.length > 1 ? 'namespaces' : 'namespace'} ${namespaces.join(', ')}`,
        safety: 'safe',
        changes: [set(gateway, path, value)],
      };
    }
    yield { title: 'Allow all namespaces', safety: 'unsafe', changes: [set(gateway, path, { from: 'All' })] };
  },
});

function admitted(gateway: Gateway, from: string | undefined): string {
  return from === 'Selector'
    ? 'only namespaces that match the selector'
    : `only objects of namespace ${gateway.namespace}`;
}

function set(gateway: Gateway, path: FieldPath, value: Extract<Change, { op: 'set' }>['value']): Change {
  return { op: 'set', in: gateway, path, value };
}
