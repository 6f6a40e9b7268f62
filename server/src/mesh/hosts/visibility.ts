// exportTo as Envoy configuration uses it. (ztunnel ignores it on ServiceEntries.)
import { addToGroup } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { namespaceLabels, selectorMatches } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { since, type Visibility } from '../settings.ts';

/** Whether a resource with `exportTo` is visible to a namespace; an empty list falls back to the mesh default. */
export function isExportedTo(
  mesh: Mesh,
  resource: Resource<'ServiceEntry'> | Resource<'DestinationRule'> | Resource<'VirtualService'>,
  namespace: string,
): boolean {
  if (resource.kind === 'DestinationRule') return ruleReaches(mesh, resource, namespace);
  const scope = scopeOf(mesh, resource);
  return scope === 'everywhere' || (scope !== 'nowhere' && scope.has(namespace));
}

/** The same for Services, whose annotation says it. */
export function isSeenFrom(
  mesh: Mesh,
  resource: Resource<'ServiceEntry'> | Resource<'Service'>,
  namespace: string,
): boolean {
  const scope = scopeOf(mesh, resource);
  return scope === 'everywhere' || (scope !== 'nowhere' && scope.has(namespace));
}

/** Whether some namespace sees both, by their `exportTo`. */
export function areSeenTogether(mesh: Mesh, a: Resource<'ServiceEntry'>, b: Resource<'ServiceEntry'>): boolean {
  const scopes = [scopeOf(mesh, a), scopeOf(mesh, b)];
  if (scopes.includes('nowhere')) return false;
  const [first, ...others] = scopes.filter((scope) => typeof scope !== 'string');
  return first === undefined || [...first].some((namespace) => others.every((other) => other.has(namespace)));
}

export interface InSight<T> {
  readonly everywhere: readonly T[];
  /** By namespace, those that are exported to it by name. */
  readonly named: ReadonlyMap<string, readonly T[]>;
}

/** Grouped for a fact that all namespaces ask: thousands of them can each see one of their own. */
export function bySight<T extends Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'VirtualService'>>(
  mesh: Mesh,
  owners: Iterable<T>,
): InSight<T> {
  const everywhere: T[] = [];
  const named = new Map<string, [T, ...T[]]>();
  for (const owner of owners) {
    const scope = scopeOf(mesh, owner);
    if (scope === 'everywhere') everywhere.push(owner);
    else if (scope !== 'nowhere') for (const namespace of scope) addToGroup(named, namespace, owner);
  }
  return { everywhere, named };
}

/** Where a service is seen: in each namespace, in none, or in these. istio@86c9f01 pilot/pkg/model/push_context.go initServiceRegistry, serviceExportTo. */
export function scopeOf(
  mesh: Mesh,
  resource: Resource<'ServiceEntry'> | Resource<'VirtualService'> | Resource<'Service'>,
): 'everywhere' | 'nowhere' | ReadonlySet<string> {
  const scope = ownScope(mesh, resource);
  if (resource.kind !== 'ServiceEntry' || !mesh.settings.serviceEntryVisibility?.applyToSidecars) return scope;
  const ceiling = visibilityOf(mesh, resource.namespace);
  if (ceiling === 'NONE') return 'nowhere';
  if (ceiling !== 'NAMESPACE') return scope;
  const home = scope === 'everywhere' || (scope !== 'nowhere' && scope.has(resource.namespace));
  return home ? new Set([resource.namespace]) : 'nowhere';
}

function ownScope(
  mesh: Mesh,
  resource: Resource<'ServiceEntry'> | Resource<'VirtualService'> | Resource<'Service'>,
): 'everywhere' | 'nowhere' | ReadonlySet<string> {
  const { settings } = mesh;
  const written = writtenExportTo(resource);
  const fallback =
    resource.kind === 'VirtualService' ? settings.defaultVirtualServiceExportTo : settings.defaultServiceExportTo;
  const values = written.length > 0 ? written : fallback;
  if (values.includes('*')) return 'everywhere';
  if (values.includes('~')) return 'nowhere';
  return new Set(values.map((value) => (value === '.' ? resource.namespace : value)));
}

/** A Service says it in an annotation. istio@86c9f01 pilot/pkg/serviceregistry/kube/conversion.go ConvertService. */
function writtenExportTo(
  resource: Resource<'ServiceEntry'> | Resource<'VirtualService'> | Resource<'Service'>,
): readonly string[] {
  if (resource.kind === 'Service') {
    const annotation = resource.annotations.get('networking.istio.io/exportTo')?.value ?? '';
    return annotation
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '');
  }
  const { exportTo } = resource.spec;
  return exportTo?.map(({ value }) => value) ?? [];
}

/** The `exportTo` of a DestinationRule as a set; a rule with a `workloadSelector` is its namespace's own. istio@86c9f01 pilot/pkg/model/push_context.go setDestinationRules. */
export function ruleExportTo(rule: Resource<'DestinationRule'>): ReadonlySet<string> {
  return rule.spec.workloadSelector ? new Set(['.']) : new Set(rule.spec.exportTo?.map(({ value }) => value) ?? []);
}

/** True for a rule that is private to its namespace, by its `exportTo` or by the default of the mesh. */
export function isPrivateRule(mesh: Mesh, rule: Resource<'DestinationRule'>): boolean {
  const exportTo = ruleExportTo(rule);
  if (exportTo.size === 0) return mesh.settings.defaultDestinationRuleExportTo.includes('.');
  return exportTo.size === 1 && (exportTo.has('.') || exportTo.has(rule.namespace));
}

/** True for a rule that proxies of its own namespace look up as theirs. */
export function isLocalRule(rule: Resource<'DestinationRule'>): boolean {
  const exportTo = ruleExportTo(rule);
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has('.') || exportTo.has(rule.namespace);
}

/** Whether proxies of the namespace look it up at all. */
export function ruleReaches(mesh: Mesh, rule: Resource<'DestinationRule'>, namespace: string): boolean {
  if (rule.namespace === namespace) return isLocalRule(rule);
  return !isPrivateRule(mesh, rule) && exportsTo(ruleExportTo(rule), namespace);
}

/** istio@86c9f01 pilot/pkg/model/push_context.go getExportedDestinationRuleFromNamespace: `.` is not resolved here. */
export function exportsTo(exportTo: ReadonlySet<string>, namespace: string): boolean {
  return exportTo.size === 0 || exportTo.has('*') || exportTo.has(namespace);
}

/** What `serviceEntryVisibility` makes of a namespace's entries; undefined if its labels decide and are not known. istio@86c9f01 pilot/pkg/model/serviceentry_visibility.go VisibilityFor. */
export function visibilityOf(mesh: Mesh, namespace: string): Visibility | undefined {
  const configured = mesh.settings.serviceEntryVisibility;
  if (!configured || !since(mesh.settings, '1.31')) return 'PUBLIC';
  const labels = namespaceLabels(mesh, namespace);
  for (const policy of configured.policies) {
    const verdicts = policy.namespaceSelectors.map((selector) => selectorMatches(selector, labels));
    if (verdicts.includes(false)) continue;
    return verdicts.includes(undefined) ? undefined : policy.visibility;
  }
  return configured.defaultVisibility;
}

/** Whether entries of `home` are surely not seen by captured clients of `client`: to them they are as if they were not there. */
export function isHiddenFrom(mesh: Mesh, home: string, client: string): boolean {
  const visibility = visibilityOf(mesh, home);
  return visibility === 'NONE' || (visibility === 'NAMESPACE' && home !== client);
}
