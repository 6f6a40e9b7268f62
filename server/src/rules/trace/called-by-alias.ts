// Services of type ExternalName by which ambient clients reach a host past its waypoint. server/docs/istio-semantics.md §2.55.
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { aliasesOf } from '../../mesh/hosts/external-name.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypoint } from '../../model/label-names.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { RuleFinding } from '../rule.ts';

/** A label on the Service is `use-waypoint-misplaced`. */
export function* calledByAlias(mesh: Mesh, entry: Resource<'ServiceEntry'>): Iterable<RuleFinding<null>> {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return;
  for (const host of entry.spec.hosts) {
    const [alias] = aliasesOf(mesh, host.value).filter(
      ({ namespace, labels }) => couldBeAmbient(mesh, namespace) && !labels.has(useWaypoint),
    );
    if (!alias) continue;
    yield {
      at: host.span,
      message: `Requests to ${describe(alias)}, which stands for ${host.value}, bypass ${describe(binding.gateway)}: ambient mode does not know Services of type ExternalName, and the cluster's DNS answers with the real address; let clients call ${host.value} itself.`,
      related: [{ resource: alias, at: alias.at.name, message: `${describe(alias)} stands for ${host.value}.` }],
      data: null,
    };
    return;
  }
}
