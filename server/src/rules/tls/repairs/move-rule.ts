// Changes that bring a DestinationRule (or a ServiceEntry) within the reach of the look-up.
import type { Mesh } from '../../../mesh/mesh.ts';
import { isExportedTo } from '../../../mesh/hosts/visibility.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Change } from '../../rule.ts';
import { freeName } from './origination.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';

/** Moves a rule to a namespace and lets `reader` see it there; undefined where a rule for the host is there already. */
export function movingTo(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  namespace: string,
  reader: string,
): readonly Change[] | undefined {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  if (mesh.destinationRules(namespace, host).length > 0) return undefined;
  const name = freeName(mesh, namespace, rule.name);
  const isSeen = namespace === reader || isExportedTo(mesh, rule, reader);
  return [
    { op: 'set', in: rule, path: ['metadata', 'namespace'], value: namespace },
    ...(name === rule.name ? [] : [{ op: 'set', in: rule, path: ['metadata', 'name'], value: name } as const]),
    ...(isSeen ? [] : exportingTo(rule, reader)),
    ...saidTwice(rule, namespace),
    ...(rule.spec.workloadSelector ? [{ op: 'remove', in: rule, path: ['spec', 'workloadSelector'] } as const] : []),
  ];
}

/** Adds a namespace to `exportTo`. Without a list, the default of the mesh makes resources private to their namespace. */
export function exportingTo(
  resource: Resource<'DestinationRule'> | Resource<'ServiceEntry'>,
  namespace: string,
): readonly Change[] {
  const path = ['spec', 'exportTo'];
  const given = resource.spec.exportTo?.map(({ value }) => value) ?? [];
  const isOwn = namespace === resource.namespace;
  if (given.length === 0 || given.includes('~'))
    return [{ op: 'set', in: resource, path, value: isOwn ? ['.'] : ['.', namespace] }];
  return [{ op: 'append', in: resource, path, value: isOwn ? '.' : namespace }];
}

/** `.` comes to mean a namespace that is listed, too. */
function saidTwice(rule: Resource<'DestinationRule'>, namespace: string): readonly Change[] {
  const given = rule.spec.exportTo?.map(({ value }) => value) ?? [];
  const index = given.includes('.') ? given.indexOf(namespace) : -1;
  return index < 0 ? [] : [{ op: 'remove', in: rule, path: ['spec', 'exportTo', index] }];
}
