import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { targetingInputs } from '../shared/inputs.ts';

export const exportToNotEnforced = defineRule({
  id: 'export-to-not-enforced',
  stage: 'capture',
  summary: 'A ServiceEntry is exported to some namespaces, but ambient pods of every namespace can use it.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [...targetingInputs, 'Namespace', 'Gateway', 'GatewayClass'],

  *check(entry, mesh) {
    const [first] = entry.spec.exportTo ?? [];
    const binding = bindWaypoint(mesh, entry);
    if (
      !first ||
      binding.state !== 'bound' ||
      entry.spec.exportTo!.some(({ value }) => value === '*') ||
      mesh.settings.serviceEntryVisibility
    )
      return;
    // Somebody has already thought of who may call. A waypoint that does not see the entry loses its rules, a fault of its own.
    if (
      policiesAt(mesh, binding.gateway, entry).length > 0 ||
      !isExportedTo(mesh, entry, binding.gateway.namespace) ||
      isForWaypointOnly(entry, binding.gateway.namespace)
    )
      return;
    // ztunnel@62d8265 src/dns/server.rs find_server; istio/istio#55163.
    yield {
      at: first.span,
      message: `Ambient pods of every namespace can call these hosts: ztunnel ignores exportTo of ${describe(entry)}.`,
      data: {},
    };
  },

  *fixes(_, entry, mesh) {
    const namespaces = entry.spec
      .exportTo!.map(({ value }) => (value === '.' ? entry.namespace : value))
      .filter((value) => value !== '~');
    if (
      entry.listIndex !== undefined ||
      namespaces.length === 0 ||
      mesh.named('AuthorizationPolicy', entry.namespace, entry.name).length > 0
    )
      return;
    const metadata = entry.at.namespace ? { name: entry.name, namespace: entry.namespace } : { name: entry.name };
    const spec = {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }],
      rules: [{ from: [{ source: { namespaces } }] }],
    };
    yield {
      title: `Allow only clients of ${namespaces.join(', ')}`,
      safety: 'unsafe',
      changes: [
        {
          op: 'append-document',
          after: entry,
          manifest: { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec },
        },
      ],
    };
  },
});

/** Its own namespace and the waypoint's are what a waypoint of another namespace needs: that hides it from nobody on purpose. */
function isForWaypointOnly({ namespace, spec }: Resource<'ServiceEntry'>, waypoint: string): boolean {
  const named = spec.exportTo!.map(({ value }) => (value === '.' ? namespace : value));
  return waypoint !== namespace && named.every((one) => one === waypoint || one === namespace);
}
