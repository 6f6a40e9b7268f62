// Objects that can change the result at a waypoint and are not modelled: no claim is made about the result then. The list is in
// server/docs/not-modelled.md.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { nearestIstioClass, ownerOfClass } from './gateway-class.ts';
import type { Carried } from './extensions-of-pods.ts';
import { extensionText, firstExtensionAtWaypoint } from './proxy-extensions.ts';

export interface NotModelled {
  readonly case: 'mistyped-class' | 'unknown-class' | 'other-vendor' | 'agentgateway' | 'extension';
  /** One sentence without its full stop. */
  readonly why: string;
  readonly at: { readonly resource: Resource; readonly span: Span };
}

/** Undefined where what becomes of requests to the object is known, as far as the waypoint's class and what extends it tell. */
export function notModelledAt(
  mesh: Mesh,
  gateway: Resource<'Gateway'>,
  object: Resource<'ServiceEntry'> | Resource<'Service'>,
  carried: Carried,
): NotModelled | undefined {
  const ofClass = notModelledClass(mesh, gateway);
  if (ofClass) {
    const why = `Gateway ${gateway.namespace}/${gateway.name} is named as the waypoint, but its ${ofClass.why}`;
    return { ...ofClass, why };
  }
  const extension = firstExtensionAtWaypoint(mesh, gateway, object, carried);
  if (!extension) return undefined;
  return {
    case: 'extension',
    why: extensionText(extension, `waypoint ${gateway.namespace}/${gateway.name}`),
    at: { resource: extension, span: extension.at.name },
  };
}

/** Undefined if the class shows that the Gateway's proxies are Istio's; `why` begins with the class. */
export function notModelledClass(mesh: Mesh, gateway: Resource<'Gateway'>): NotModelled | undefined {
  const field = gateway.spec.gatewayClassName;
  if (!field) return undefined;
  const name = field.value;
  const at = { resource: gateway, span: field.span };
  // istio@86c9f01 pkg/config/constants/constants.go AgentgatewayWaypointClassName.
  if (name.startsWith('istio-agentgateway'))
    return {
      case: 'agentgateway',
      why: `class ${name} runs agentgateway, to which istiod sends no AuthorizationPolicy and no DestinationRule, and what it does is not modelled`,
      at,
    };
  switch (ownerOfClass(mesh, name)) {
    case 'istio':
      return undefined;
    case 'mistyped':
      return {
        case: 'mistyped-class',
        why: `class ${name} is not in these files and is nearly ${nearestIstioClass(name) ?? 'istio-waypoint'}, so no proxy answers unless the cluster has it`,
        at,
      };
    case 'other-vendor':
      return { case: 'other-vendor', why: `class ${name} is not Istio's, and what its proxies do is not modelled`, at };
    case 'unknown':
      return {
        case: 'unknown-class',
        why: `class ${name} is not Istio's and not in these files, and what its proxies do is not modelled`,
        at,
      };
  }
}
