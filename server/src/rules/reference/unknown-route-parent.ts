import { gatewayApi, istioNetworking, parentsOf, routeKinds, type Route } from '../shared/route-targets.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ParentRef } from '../../model/specs.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  readonly path: FieldPath;
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | undefined;
  /** The path is that of the group, which it is to be. */
  readonly group?: string;
}

export const unknownRouteParent = defineRule({
  id: 'unknown-route-parent',
  stage: 'reference',
  summary:
    'A route has no effect, because it is attached to a ServiceEntry that does not exist, or its parent has the wrong group.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171', 'KIA1401'],
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Service'],

  *check(route, mesh): Iterable<RuleFinding<Data>> {
    yield* wrongGroup(route);
    for (const { ref, path } of parentsOf(route, istioNetworking, 'ServiceEntry')) {
      const namespace = ref.namespace?.value ?? route.namespace;
      const named = mesh.named('ServiceEntry', namespace, ref.name?.value ?? '');
      const [entry] = named;
      if (entry && named.length === 1) yield* unlistedPort(entry, ref.port);
      if (!ref.name || entry || !mesh.knows('ServiceEntry', namespace)) continue;
      const name = ref.name.value;
      const owners = mesh
        .hostOwners(name)
        .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
      const cause = owners[0]
        ? `${name} is a host of ${describe(owners[0])}, and parentRefs needs the ServiceEntry's metadata.name`
        : `no ServiceEntry ${namespace}/${name} in these files`;
      const finding = {
        at: ref.name.span,
        message: `The route is not used: ${cause}.`,
        related: relatedTo(owners, (owner) => `${owner} has this host.`),
        data: {
          path: [...path, 'name'],
          namespace,
          name,
          owner: owners.find((owner) => owner.namespace === namespace)?.name,
        },
      };
      // A route without any entry beside it is often a piece of something larger.
      yield owners.length === 0 && mesh.inNamespace('ServiceEntry', namespace).length === 0
        ? { ...finding, severity: 'information' }
        : finding;
    }
  },

  *fixes({ path, namespace, name, owner, group }, route, mesh) {
    if (group !== undefined)
      yield {
        title: `Set group: ${nameOfGroup(group)}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: route, path, value: group }],
      };
    if (name === '') return;
    const suggestion = owner ?? mesh.nearestName('ServiceEntry', namespace, name);
    const isNamed = parentsOf(route, istioNetworking, 'ServiceEntry').some(
      ({ ref }) => ref.name?.value === suggestion && (ref.namespace?.value ?? route.namespace) === namespace,
    );
    if (suggestion !== undefined && !isNamed)
      yield {
        title: `Attach to ServiceEntry ${suggestion}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: route, path, value: suggestion }],
      };
  },
});

/** The group of each kind of parent. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go allowedParentReferences. */
const groups: ReadonlyMap<string, string> = new Map([
  ['ServiceEntry', istioNetworking],
  ['Service', ''],
  ['Gateway', gatewayApi],
]);

/** Without a group the parent is one of the Gateway API, which has neither kind but Gateway. Same file, toInternalParentReference. */
function* wrongGroup({ spec }: Route): Iterable<RuleFinding<Data>> {
  for (const [index, { group, kind }] of spec.parentRefs.entries()) {
    const wanted = groups.get(kind?.value ?? 'Gateway');
    if (wanted === undefined || (group?.value ?? gatewayApi) === wanted) continue;
    const what = group ? `group ${nameOfGroup(group.value)}` : 'no group';
    yield {
      at: (group ?? kind)!.span,
      message: `The route is not used: this parent of kind ${kind?.value ?? 'Gateway'} has ${what}, and needs group ${nameOfGroup(wanted)}.`,
      data: { path: ['spec', 'parentRefs', index, 'group'], namespace: '', name: '', owner: undefined, group: wanted },
    };
  }
}

function nameOfGroup(group: string): string {
  return group === '' ? '""' : group;
}

/** A route for a port that its parent does not have is for none. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go referenceAllowed. */
function* unlistedPort(entry: Resource<'ServiceEntry'>, port: ParentRef['port']): Iterable<RuleFinding<Data>> {
  const listed = entry.spec.ports.flatMap(({ number }) => (number ? [number.value] : []));
  if (!port?.value || listed.length === 0 || listed.includes(port.value)) return;
  yield {
    at: port.span,
    message: `The route is not used: ${describe(entry)} does not list port ${port.value}, only ${listed.join(', ')}.`,
    related: [{ resource: entry, at: entry.at.name, message: `${describe(entry)} lists its ports.` }],
    data: { path: [], namespace: entry.namespace, name: '', owner: undefined },
  };
}
