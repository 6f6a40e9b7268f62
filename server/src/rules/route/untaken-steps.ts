// The first step of a VirtualService for an egress gateway, from the sidecar to the gateway, and matches that no step can meet.
import { gatewayNamed } from '../../mesh/routes/gateway-servers.ts';
import { isForMesh as areForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { VirtualServiceRoute } from '../../model/specs.ts';
import type { Fix, RuleFinding } from '../rule.ts';
import { isForMesh } from '../shared/route-targets.ts';

type Service = Resource<'VirtualService'>;

/** A match is for mesh, and `spec.gateways` does not list it. */
export interface LacksMesh {
  readonly lacksMesh: true;
}

interface Steps {
  readonly mesh: Mesh;
  readonly service: Service;
  /** Its outside hosts. */
  readonly hosts: readonly Field<string>[];
  readonly gateway: Resource;
  /** Whether the files have a gateway of that name. */
  readonly isThere: (written: string) => boolean;
}

export function* untakenSteps(steps: Steps): Iterable<RuleFinding<object | LacksMesh>> {
  const { mesh, service, hosts, gateway, isThere } = steps;
  const unlisted = matchedGateways(service).filter(
    ({ value }) =>
      !service.spec.gateways.some((listed) => isSameGateway(service, listed.value, value)) && isThere(value),
  );
  const isLed = hosts.some(({ value }) => isLedBySidecars(mesh, value));
  for (const { value, span } of unlisted)
    yield value === 'mesh' && !isLed
      ? {
          at: span,
          message: `Requests of sidecars skip ${describe(gateway)}: this match is for mesh, and \`spec.gateways\` does not list mesh.`,
          data: { lacksMesh: true },
        }
      : { at: span, message: `This match never applies: \`spec.gateways\` does not list ${value}.`, data: {} };
  if (!unlisted.some(({ value }) => value === 'mesh')) yield* unledHosts(steps);
}

function* unledHosts({ mesh, service, hosts, gateway }: Steps): Iterable<RuleFinding<object>> {
  const listed = service.spec.gateways.find(({ value }) => value === 'mesh');
  for (const host of hosts) {
    if (isLedBySidecars(mesh, host.value)) continue;
    if (isForMesh(service)) {
      // A rule of another host, or no rule at all, says nothing of this one.
      if (!listed || rulesOf(service).length === 0) continue;
      yield {
        at: listed.span,
        message: `Requests of sidecars skip ${describe(gateway)}: no rule of this VirtualService is for mesh, as each match names other gateways.`,
        data: {},
      };
      return;
    }
    if (mesh.virtualServices(host.value).some(isForMesh)) continue;
    yield {
      at: host.span,
      message: `Requests of sidecars skip ${describe(gateway)}: no VirtualService for ${host.value} lists the gateway \`mesh\`.`,
      data: {},
    };
  }
}

/** By any route; each of many teams can have one for the host. */
function isLedBySidecars(mesh: Mesh, host: string): boolean {
  return mesh.derivedOf(`is led by sidecars ${host}`, host, hasRouteOfSidecars);
}

function hasRouteOfSidecars(mesh: Mesh, host: string): boolean {
  return mesh.virtualServices(host).some(countsAtSidecars);
}

/** Whether one of its rules can. istio@86c9f01 pilot/pkg/networking/core/route/route.go sourceMatchHTTP; server/docs/istio-semantics-classic.md §D.14 to §D.16. */
function countsAtSidecars(service: Service): boolean {
  return (
    isForMesh(service) &&
    rulesOf(service).some(({ matches }) => matches.length === 0 || matches.some(({ gateways }) => areForMesh(gateways)))
  );
}

function rulesOf({ spec }: Service): readonly VirtualServiceRoute[] {
  return [...spec.http, ...spec.tls, ...spec.tcp];
}

function matchedGateways(service: Service): readonly Field<string>[] {
  return rulesOf(service).flatMap(({ matches }) => matches.flatMap(({ gateways }) => gateways));
}

/** `x` and `NAMESPACE/x` are one. istio@86c9f01 pilot/pkg/model/virtualservice.go resolveVirtualServiceShortnames. */
function isSameGateway({ namespace }: Service, a: string, b: string): boolean {
  if (a === 'mesh' || b === 'mesh') return a === b;
  const [one, other] = [gatewayNamed(a, namespace), gatewayNamed(b, namespace)];
  return one.namespace === other.namespace && one.name === other.name;
}

export function* meshFixes(service: Service): Iterable<Fix> {
  yield {
    title: 'List mesh in spec.gateways',
    safety: 'unsafe',
    changes: [{ op: 'append', in: service, path: ['spec', 'gateways'], value: 'mesh' }],
  };
}
