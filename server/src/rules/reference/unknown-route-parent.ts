import { istioNetworking, parentsOf, routeKinds } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { describe } from '../../model/resource.ts';
import { relatedTo } from '../shared/resource-lists.ts';

export const unknownRouteParent = defineRule({
  id: 'unknown-route-parent',
  stage: 'reference',
  summary: 'A route has no effect, because it is attached to a ServiceEntry that does not exist.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171', 'KIA1401'],
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Service'],

  *check(route, mesh) {
    for (const { ref, path } of parentsOf(route, istioNetworking, 'ServiceEntry')) {
      const namespace = ref.namespace?.value ?? route.namespace;
      if (
        !ref.name ||
        mesh.named('ServiceEntry', namespace, ref.name.value).length > 0 ||
        !mesh.knows('ServiceEntry', namespace)
      )
        continue;
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

  *fixes({ path, namespace, name, owner }, route, mesh) {
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
