// What routes lead to, each with the path of its field.
import { isForMesh as areForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { ownerOfGateway } from '../../mesh/binding/gateway-class.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { BackendRef, ParentRef, RouteDestination, VirtualServiceRoute } from '../../model/specs.ts';

export type Route = AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>;
export const routeKinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;
export const gatewayApi = 'gateway.networking.k8s.io';
export const istioNetworking = 'networking.istio.io';

export interface Destination {
  readonly destination: RouteDestination;
  readonly path: FieldPath;
}

/** Every destination and mirror of a VirtualService. */
export function* destinationsOf({ spec }: Resource<'VirtualService'>): Generator<Destination> {
  for (const protocol of ['http', 'tls', 'tcp'] as const) {
    for (const [i, route] of spec[protocol].entries()) yield* destinationsOfRoute(route, ['spec', protocol, i]);
  }
}

function* destinationsOfRoute({ destinations, mirrors }: VirtualServiceRoute, path: FieldPath): Generator<Destination> {
  for (const [j, destination] of destinations.entries())
    yield { destination, path: [...path, 'route', j, 'destination'] };
  // A single `mirror` is read before the list.
  for (const destination of mirrors) yield { destination, path: [] };
}

/** The references to one kind of parent; a reference without group and kind is to a Gateway. */
export function parentsOf(
  { spec }: Route,
  group: string,
  kind: string,
): { readonly ref: ParentRef; readonly path: FieldPath }[] {
  return spec.parentRefs.flatMap((ref, i) =>
    (ref.group?.value ?? gatewayApi) === group && (ref.kind?.value ?? 'Gateway') === kind
      ? [{ ref, path: ['spec', 'parentRefs', i] }]
      : [],
  );
}

/**
 * On what it depends that Istio reads the route: a clause for messages, empty where it surely does because one of its parents is in
 * the mesh or is a Gateway of a class of Istio's. Undefined where another vendor's gateway reads it: what that makes of a backend
 * is its own matter.
 */
export function conditionOfIstio(mesh: Mesh, route: Route | Resource<'VirtualService'>): string | undefined {
  if (route.kind === 'VirtualService') return '';
  const { parentRefs } = route.spec;
  const answers = parentRefs.map((ref) => isIstiosParent(mesh, route, ref));
  if (parentRefs.length === 0 || answers.includes(true)) return '';
  const ref = parentRefs[answers.indexOf(undefined)];
  if (!ref) return undefined;
  const name = `${ref.namespace?.value ?? route.namespace}/${ref.name?.value ?? ''}`;
  return ` if ${ref.kind?.value ?? 'Gateway'} ${name}, which is not in these files, is Istio's`;
}

function isIstiosParent(mesh: Mesh, route: Route, { group, kind, namespace, name }: ParentRef): boolean | undefined {
  switch (`${group?.value ?? gatewayApi}/${kind?.value ?? 'Gateway'}`) {
    case `${istioNetworking}/ServiceEntry`:
    case '/Service':
    case 'core/Service':
      return true;
    case `${gatewayApi}/Gateway`: {
      const gateways = mesh.named('Gateway', namespace?.value ?? route.namespace, name?.value ?? '');
      return gateways.length === 0 ? undefined : gateways.some((one) => ownerOfGateway(mesh, one) === 'istio');
    }
    // A ListenerSet, or what another vendor has.
    default:
      return undefined;
  }
}

export function backendsOf({ spec }: Route): { readonly ref: BackendRef; readonly path: FieldPath }[] {
  return spec.rules.flatMap(({ backendRefs }, i) =>
    backendRefs.map((ref, j) => ({ ref, path: ['spec', 'rules', i, 'backendRefs', j] })),
  );
}

export function isHostname({ group, kind }: BackendRef): boolean {
  return group?.value === istioNetworking && kind?.value === 'Hostname';
}

/** Whether sidecars and waypoints read it, and not Gateways alone. */
export function isForMesh({ spec }: Resource<'VirtualService'>): boolean {
  return areForMesh(spec.gateways);
}
