import { nearest } from '../../../base/nearest.ts';
import { patternsFor } from '../../../names/hosts.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';

/** Whether a rule in the namespace is intended for this host but misspells it: `unknown-destination-host` reports it at the rule. */
export function hasMisspeltRule(mesh: Mesh, entry: Resource<'ServiceEntry'>, port: number, host: string): boolean {
  return (
    mesh.knows('ServiceEntry') &&
    mesh
      .inNamespace('DestinationRule', entry.namespace)
      .some(
        (rule) =>
          tlsOfRule(rule, port).mode !== undefined &&
          isMisspelt(mesh, ruleHost(rule, mesh.settings.clusterDomain), host),
      )
  );
}

function isMisspelt(mesh: Mesh, written: string, host: string): boolean {
  if (
    !written.includes('.') ||
    written.startsWith('*') ||
    patternsFor(written).some((pattern) => mesh.hostOwners(pattern).length > 0)
  )
    return false;
  return written.endsWith(`.${host}`) || host.endsWith(`.${written}`) || nearest(written, [host]) !== undefined;
}
