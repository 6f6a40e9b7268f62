// Whether a Gateway can be used as a waypoint, and by which namespaces.
import type { Span } from '../../base/span.ts';
import { inboundBinding } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import type { GatewayListener } from '../../model/specs.ts';
import { namespaceLabels, selectorMatches } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { defaultMeshSettings, since, type MeshSettings } from '../settings.ts';

/** Classes whose Gateways are never waypoints. istio@86c9f01 pkg/config/constants/constants.go. */
const otherClasses: ReadonlySet<string> = new Set(['istio', 'istio-remote', 'istio-east-west']);

/** Whether the Gateway's class is one of Istio's waypoint classes: `undefined` for another vendor's class, which may be one. */
export function isWaypointClass(
  gateway: Resource<'Gateway'>,
  settings: Pick<MeshSettings, 'istioVersion'> = defaultMeshSettings,
): boolean | undefined {
  const name = gateway.spec.gatewayClassName?.value;
  if (name === 'istio-waypoint') return true;
  if (name === 'istio-agentgateway-waypoint' && since(settings, '1.31')) return true;
  return name !== undefined && otherClasses.has(name) ? false : undefined;
}

/**
 * What the Gateway is a waypoint for: its own label, else its class's, else `service`; undefined if the class is
 * another vendor's that no source describes. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go gatewayToWaypointTransform.
 */
export function trafficType(mesh: Mesh, gateway: Resource<'Gateway'>): string | undefined {
  const own = gateway.labels.get('istio.io/waypoint-for');
  if (own) return own.value;
  const described = classesOf(mesh, gateway);
  const values = new Set(described.map((c) => c.labels.get('istio.io/waypoint-for')?.value ?? 'service'));
  if (values.size > 0) return values.size === 1 ? [...values][0] : undefined;
  return isWaypointClass(gateway, mesh.settings) === undefined && !mesh.knows('GatewayClass') ? undefined : 'service';
}

/** Whether such a waypoint takes what is sent to Services and ServiceEntries. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForService. */
export function servesServices(traffic: string | undefined): boolean | undefined {
  return traffic === undefined ? undefined : traffic === 'service' || traffic === 'all';
}

/** Whether objects of that namespace may be attached; undefined if its labels decide and are not known. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go makeAllowedRoutes, AllowsAttachmentFromNamespaceOrLookup. */
export function admits(mesh: Mesh, gateway: Resource<'Gateway'>, namespace: string): boolean | undefined {
  const allowed = decidingListener(mesh, gateway)?.allowedRoutes;
  const from = allowed?.from?.value ?? 'Same';
  if (from === 'All') return true;
  if (from === 'Selector') return selectorMatches(allowed?.selector, namespaceLabels(mesh, namespace));
  return gateway.namespace === namespace;
}

/** The one listener whose `allowedRoutes` count; undefined if none does, which admits the Gateway's own namespace only. */
export function decidingListener(mesh: Mesh, gateway: Resource<'Gateway'>): GatewayListener | undefined {
  const { listeners } = gateway.spec;
  const matches = boundListener(mesh, gateway);
  const bound = matches && listeners.find(matches);
  return bound ?? listeners.find(({ protocol, port }) => protocol?.value === 'HBONE' && port?.value === 15008);
}

/**
 * Whether the waypoint listens where ztunnel sends traffic: HBONE on port 15008, unless an annotation binds it elsewhere. Where it
 * does not, it is programmed all the same, and ztunnel resets every connection. Undefined for other vendors' classes, which decide
 * that themselves, and where an annotation does. Checked with ztunnel@62d8265 and a running istiod.
 */
export function hasInboundListener(mesh: Mesh, gateway: Resource<'Gateway'>): boolean | undefined {
  const isBound = [gateway, ...classesOf(mesh, gateway)].some(({ annotations }) => annotations.has(inboundBinding));
  if (isBound || isWaypointClass(gateway, mesh.settings) !== true) return undefined;
  return decidingListener(mesh, gateway) !== undefined;
}

/** The listener that is probably intended as the inbound one: it has the right port, or HBONE in any case. */
export function nearestInboundListener({ spec: { listeners } }: Resource<'Gateway'>): GatewayListener | undefined {
  return (
    listeners.find(({ port }) => port?.value === 15008) ??
    listeners.find(({ protocol }) => protocol?.value.toUpperCase() === 'HBONE')
  );
}

/** Where a Gateway would have to say it. */
export function inboundListenerPlace(gateway: Resource<'Gateway'>): Span {
  const { protocol, port } = nearestInboundListener(gateway) ?? {};
  const wrong = protocol?.value === 'HBONE' ? port?.span : protocol?.span;
  return wrong ?? gateway.spec.listenersKey ?? gateway.at.spec;
}

type Matches = (listener: GatewayListener) => boolean;

/** A sandwiched waypoint names its listener by annotation. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go makeInboundBinding, findBoundListener. */
function boundListener(mesh: Mesh, gateway: Resource<'Gateway'>): Matches | undefined {
  const value = gateway.annotations.get(inboundBinding) ?? classesOf(mesh, gateway)[0]?.annotations.get(inboundBinding);
  const [protocol, port, ...more] = value?.value.split('/') ?? [];
  if ((protocol !== 'NONE' && protocol !== 'PROXY') || more.length > 0) return undefined;
  const number = Number(port ?? 0) || 0;
  if (number !== 0) return (listener) => listener.port?.value === number;
  return protocol === 'PROXY' ? (listener) => listener.protocol?.value === 'istio.io/PROXY' : undefined;
}

function classesOf(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Resource<'GatewayClass'>[] {
  const name = gateway.spec.gatewayClassName?.value;
  return name === undefined ? [] : mesh.named('GatewayClass', '', name);
}
