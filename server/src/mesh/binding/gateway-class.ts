// Whose proxies a Gateway of a class gets: Istio's, another vendor's, or unknown from the files.
import { nearest } from '../../base/nearest.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';

/** istio@86c9f01 pkg/config/constants/constants.go. */
const istioClasses: readonly string[] = [
  'istio',
  'istio-remote',
  'istio-east-west',
  'istio-waypoint',
  'istio-agentgateway',
  'istio-agentgateway-waypoint',
];

/** Those that egress uses: other installations have classes of their own near the rest, such as `istio-eastwest`. */
const egressClasses: readonly string[] = ['istio', 'istio-waypoint', 'istio-agentgateway-waypoint'];

/** Controllers of these names are istiod's: `istio.io/gateway-controller`, `istio.io/mesh-controller` and the like. */
const istioControllers = 'istio.io/';

export type ClassOwner =
  | 'istio'
  /** A GatewayClass of the files names another controller. */
  | 'other-vendor'
  /** No GatewayClass of the files has the name, which is nearly one of Istio's. */
  | 'mistyped'
  | 'unknown';

export function ownerOfClass(mesh: Mesh, className: string): ClassOwner {
  if (istioClasses.includes(className)) return 'istio';
  const [declared] = mesh.named('GatewayClass', '', className);
  if (declared)
    return declared.spec.controllerName?.value.startsWith(istioControllers) === true ? 'istio' : 'other-vendor';
  return nearestIstioClass(className) === undefined ? 'unknown' : 'mistyped';
}

/** Undefined where the Gateway names no class. */
export function ownerOfGateway(mesh: Mesh, { spec }: Resource<'Gateway'>): ClassOwner | undefined {
  const name = spec.gatewayClassName?.value;
  return name === undefined ? undefined : ownerOfClass(mesh, name);
}

/** The class of Istio that a misspelt name probably means. Short names are similar to too many others. */
export function nearestIstioClass(className: string): string | undefined {
  return nearest(className, egressClasses, { maxDistance: className.length > 8 ? 2 : 1 });
}
