import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Field } from '../../model/field.ts';
import { describe } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

export const serviceHostTaken = defineRule<'ServiceEntry', object>({
  id: 'service-host-taken',
  stage: 'capture',
  summary: 'A ServiceEntry is not used, or only by its own namespace, because a Kubernetes Service has the same host.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Service'],

  *check(entry, mesh): Iterable<RuleFinding<object>> {
    for (const host of entry.spec.hosts) {
      const service = serviceOf(mesh, host.value);
      if (!service) {
        if (isApiServer(mesh, host.value)) yield apiServerFinding(entry.namespace, host);
        continue;
      }
      const isBeside = service.namespace === entry.namespace;
      yield {
        at: host.span,
        // Ambient: server/docs/istio-semantics.md §2.30, §2.31; sidecars: server/docs/istio-semantics-classic.md §B.21, §B.22.
        message: isBeside
          ? `The ports of this ServiceEntry are not used for ${host.value}: ${describe(service)} has this host, and Istio uses the Service.`
          : `Only pods of namespace ${entry.namespace} use this ServiceEntry for ${host.value}: ${describe(service)} has this host, and all others use the Service.`,
        related: [{ resource: service, at: service.at.name, message: `${describe(service)} has the same host.` }],
        data: {},
        ...(isBeside ? {} : { severity: 'information' as const }),
      };
    }
  },
});

/** Every cluster has this Service, whether files show it or not. */
function isApiServer(mesh: Mesh, host: string): boolean {
  return normalizeHost(host) === `kubernetes.default.svc.${mesh.settings.clusterDomain}`;
}

function apiServerFinding(namespace: string, host: Field<string>): RuleFinding<object> {
  const isBeside = namespace === 'default';
  return {
    at: host.span,
    message: isBeside
      ? `The ports of this ServiceEntry are not used for ${host.value}: every cluster has Service default/kubernetes with this host, and Istio uses the Service.`
      : `Only pods of namespace ${namespace} use this ServiceEntry for ${host.value}: every cluster has Service default/kubernetes with this host, and all others use the Service.`,
    data: {},
    ...(isBeside ? {} : { severity: 'information' as const }),
  };
}

function serviceOf(mesh: Mesh, host: string): HostOwner['resource'] | undefined {
  return mesh.derived(
    `service of ${normalizeHost(host)}`,
    (view) => view.hostOwners(host).find(({ resource }) => resource.kind === 'Service')?.resource,
  );
}
