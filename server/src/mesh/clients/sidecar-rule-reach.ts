// Whether any sidecar at all can apply a DestinationRule to a host.
import type { Resource } from '../../model/resource.ts';
import { isExportedTo, isLocalRule, isPrivateRule, ruleExportTo, scopeOf } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';

/**
 * A sidecar finds a rule in its own namespace, in that of the host, or in the root namespace, and only for hosts that it sees.
 * istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
export function sidecarsCouldApply(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
): boolean {
  if (isLocalRule(rule) && isExportedTo(mesh, entry, rule.namespace)) return true;
  const isLookedUp = rule.namespace === entry.namespace || rule.namespace === mesh.settings.rootNamespace;
  if (!isLookedUp || isPrivateRule(mesh, rule) || scopeOf(mesh, entry) === 'nowhere') return false;
  const clients = ruleExportTo(rule);
  if (clients.size === 0 || clients.has('*')) return true;
  return [...clients].some((namespace) => namespace !== '.' && isExportedTo(mesh, entry, namespace));
}
