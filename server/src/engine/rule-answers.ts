// Whether another rule already reports a cause: a fact of the mesh, worked out once for all who ask.
import type { AnyResource } from '../model/resource.ts';
import type { IsReported, Rule } from '../rules/rule.ts';
import type { Mesh } from '../mesh/mesh.ts';

/**
 * A rule that is turned off still counts: a user who turned it off does not want another rule to report the same fault.
 */
export function reportedBy(rulesByKind: ReadonlyMap<string, readonly Rule[]>, mesh: Mesh): IsReported {
  return (resource, ids, view = mesh) =>
    (rulesByKind.get(resource.kind) ?? []).some((rule) => ids.includes(rule.id) && isReported(view, rule, resource));
}

function isReported(mesh: Mesh, rule: Rule, resource: AnyResource): boolean {
  return mesh.derivedInSteps(`reported ${rule.id} ${resource.id}`, function* (view) {
    for (const found of rule.check(resource, view, () => false)) {
      if (found) return true;
      yield undefined;
    }
    return false;
  });
}
