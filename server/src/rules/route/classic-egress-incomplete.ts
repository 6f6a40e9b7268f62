import { hostMatches } from '../../mesh/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isForMesh } from '../routes.ts';
import { defineRule } from '../rule.ts';
import { listOf, relatedTo } from '../wording.ts';

type Service = Resource<'VirtualService'>;

export const classicEgressIncomplete = defineRule({
  id: 'classic-egress-incomplete',
  stage: 'route',
  summary: 'A piece is missing of what leads a host through a classic egress gateway.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0132'],
  subjects: ['VirtualService'],
  inputs: ['ServiceEntry', 'Service', 'IstioGateway', 'VirtualService'],

  *check(service, mesh) {
    const gateways = gatewaysOf(service, mesh);
    const hosts = service.spec.hosts.filter(({ value }) => isExternal(mesh, value));
    if (gateways.length === 0 || hosts.length === 0) return;
    const unlisted = matchedGateways(service).filter(({ value }) => !service.spec.gateways.some((listed) => listed.value === value) && isKnown(mesh, service, value));
    for (const { value, span } of unlisted) yield { at: span, message: `The match is for ${value}, which \`spec.gateways\` does not list, so it is never met.`, data: {} };
    for (const host of hosts) {
      if (!gateways.some((gateway) => serves(gateway, host.value, service.namespace))) {
        yield { at: host.span, message: `${listOf(gateways)} has no server for the host ${host.value}, so requests end there.`, related: relatedTo(gateways, (name) => `${name} lists other hosts.`), data: {} };
      }
      if (unlisted.some(({ value }) => value === 'mesh') || isForMesh(service) || mesh.virtualServices(host.value).some(isForMesh)) continue;
      yield { at: host.span, message: `No VirtualService for ${host.value} lists the gateway \`mesh\`, so nothing leads requests of sidecars to ${describe(gateways[0]!)}.`, data: {} };
    }
  },
});

/** Those that it names and that are here. */
function gatewaysOf(service: Service, mesh: Mesh): Resource<'IstioGateway'>[] {
  return service.spec.gateways.flatMap(({ value }) => gatewaysNamed(mesh, service, value));
}

function gatewaysNamed(mesh: Mesh, { namespace }: Service, written: string): readonly Resource<'IstioGateway'>[] {
  const [name = '', home = namespace] = written.split('/').reverse();
  return mesh.named('IstioGateway', home, name);
}

/** One that is not there is `unknown-gateway`. */
function isKnown(mesh: Mesh, service: Service, written: string): boolean {
  return written === 'mesh' || gatewaysNamed(mesh, service, written).length > 0;
}

function matchedGateways({ spec }: Service): Field<string>[] {
  return [...spec.http, ...spec.tls, ...spec.tcp].flatMap(({ matches }) => matches.flatMap(({ gateways }) => gateways));
}

function isExternal(mesh: Mesh, host: string): boolean {
  return mesh.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry' && (resource as Resource<'ServiceEntry'>).spec.location?.value !== 'MESH_INTERNAL');
}

/** A host of a server may begin with the namespaces whose routes it takes. istio@86c9f01 pilot/pkg/model/gateway.go. */
function serves({ spec, namespace }: Resource<'IstioGateway'>, host: string, from: string): boolean {
  return spec.servers.flatMap(({ hosts }) => hosts).some(({ value }) => {
    const [name = '', home = '*'] = value.split('/').reverse();
    return (home === '*' || home === from || (home === '.' && namespace === from)) && (hostMatches(name, host) || hostMatches(host, name));
  });
}
