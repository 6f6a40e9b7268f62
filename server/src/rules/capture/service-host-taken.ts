import type { Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

export const serviceHostTaken = defineRule<'ServiceEntry', object>({
  id: 'service-host-taken',
  stage: 'capture',
  summary: 'A ServiceEntry is not used, or only by its own namespace, because a Kubernetes Service has the same host.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Service', 'Namespace'],

  *check(entry, mesh): Iterable<RuleFinding<object>> {
    for (const host of entry.spec.hosts) {
      const service = serviceOf(mesh, host.value);
      if (!service) {
        if (isApiServer(mesh, host.value)) yield apiServerFinding(entry.namespace, host);
        continue;
      }
      yield {
        at: host.span,
        ...whatHolds(mesh, entry, service, host.value),
        related: [{ resource: service, at: service.at.name, message: `${describe(service)} has the same host.` }],
        data: {},
      };
    }
  },
});

/** Ambient: server/docs/istio-semantics.md §2.30, §2.31; sidecars: server/docs/istio-semantics-classic.md §B.21, §B.22. */
function whatHolds(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  service: Resource<'Service'>,
  host: string,
): Pick<RuleFinding<object>, 'message' | 'severity'> {
  const name = describe(service);
  if (service.namespace !== entry.namespace)
    return {
      message: `Only pods of namespace ${entry.namespace} use this ServiceEntry for ${host}: ${name} has this host, and all others use the Service.`,
      severity: 'information',
    };
  if (!couldBeAmbient(mesh, entry.namespace) && areEndpointsAdded(service, entry))
    return {
      message: `Sidecars send a share of the requests for ${name} to the endpoints of this ServiceEntry: both have the host ${host}, and its ports and resolution are those of the Service.`,
      severity: 'information',
    };
  return {
    message: `The ports of this ServiceEntry are not used for ${host}: ${name} has this host, and Istio uses the Service.`,
  };
}

/**
 * istiod hands out endpoints by host and namespace, whichever registry they are from, and for a port by its name. A headless Service has
 * none: connections stay at the address that the client calls.
 * istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/controller.go pushServiceEndpointUpdates; pilot/pkg/xds/endpoints/endpoint_builder.go snapshotShards.
 */
function areEndpointsAdded({ spec: service }: Resource<'Service'>, { spec }: Resource<'ServiceEntry'>): boolean {
  const hasEndpoints = spec.endpoints.length > 0 || spec.workloadSelector !== undefined;
  const isHandedOut = spec.resolution?.value === 'STATIC' && hasEndpoints && service.clusterIP !== 'None';
  const isAdded = ({ name, number }: ServiceEntryPort) =>
    service.ports.some((port) => port.name === name?.value && port.number.value === number?.value);
  return isHandedOut && service.externalName === undefined && spec.ports.every(isAdded);
}

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

function serviceOf(mesh: Mesh, host: string): Resource<'Service'> | undefined {
  return mesh.derived(`service of ${normalizeHost(host)}`, (view) =>
    view
      .hostOwners(host)
      .map(({ resource }) => resource)
      .find((resource) => resource.kind === 'Service'),
  );
}
