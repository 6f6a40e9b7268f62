// The kinds that a rule reads by asking the mesh one of the large questions, so that no rule lists them by itself.
import type { Kind } from '../../model/kinds.ts';

/** By asking which waypoint a ServiceEntry is bound to. */
export const bindingInputs: readonly Kind[] = ['ServiceEntry', 'Service', 'Namespace', 'Gateway', 'GatewayClass'];

/** By asking what targets an object. */
export const targetingInputs: readonly Kind[] = ['AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'];

/** By asking which TLS a waypoint speaks to a host. */
export const tlsInputs: readonly Kind[] = [...bindingInputs, ...targetingInputs, 'DestinationRule'];

/** By asking which Gateway API routes there are. */
export const gatewayRouteInputs: readonly Kind[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

/** By asking which routes lead to a host. */
export const routeInputs: readonly Kind[] = ['VirtualService', ...gatewayRouteInputs];
