// Which extensions change a proxy: EnvoyFilters, WasmPlugins and the like, and other vendors' policies. What they change is not
// modelled, so that nothing is claimed of what goes through such a proxy.
import { gatewayName } from '../../model/label-names.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isAttachedTo } from '../index/keys.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';
import {
  changesAt,
  extensionsSelecting,
  firstExtensionSelecting,
  goesBySelector,
  isSelecting,
  kindOfExtension,
  type AtProxy,
  type Carried,
  type ProxyExtension,
  type SelectedPods,
} from './extensions-of-pods.ts';

type Gateway = Resource<'Gateway'>;
type Bound = Resource<'ServiceEntry'> | Resource<'Service'>;

/**
 * The first that changes what the waypoint does with requests to the object. Waypoints read no selectors, except for ProxyConfig, and
 * Istio's documentation lets policies name a ServiceEntry or Service too. istio@86c9f01 pilot/pkg/model/policyattachment.go
 * ShouldAttachPolicy.
 */
export function firstExtensionAtWaypoint(
  mesh: Mesh,
  gateway: Gateway,
  object: Bound,
  carried: Carried,
): ProxyExtension | undefined {
  const at: AtProxy = { proxy: 'waypoint', carried };
  return (
    attachedTo(mesh, gateway, at)[0] ??
    mesh
      .extensionsOf(object.kind, object.namespace, object.name)
      .find((one) => isPolicy(one) && changesAt(mesh, one, at)) ??
    attachedToClass(mesh, at)[0] ??
    firstExtensionSelecting(mesh, podsOf(gateway), at)
  );
}

/** Whether it is one of those that do. */
export function isExtensionAtWaypoint(mesh: Mesh, gateway: Gateway, object: Bound, extension: ProxyExtension): boolean {
  const at: AtProxy = { proxy: 'waypoint', carried: 'token' };
  if (isSelecting(mesh, extension, podsOf(gateway), at)) return true;
  if (!isByReference(extension) || !changesAt(mesh, extension, at)) return false;
  if (isAttachedTo(extension, 'Gateway', gateway.namespace, gateway.name)) return true;
  return (
    isPolicy(extension) &&
    (isAttachedTo(extension, object.kind, object.namespace, object.name) || isOfClass(mesh, extension))
  );
}

/** Whether there can be waypoints that it changes: most without `targetRefs` change none. */
export function isReadByWaypoints(mesh: Mesh, extension: ProxyExtension): boolean {
  return (
    extension.spec.targetRefs.length > 0 || goesBySelector(mesh, extension, { proxy: 'waypoint', carried: 'token' })
  );
}

const podsOf = ({ namespace, name }: Gateway): SelectedPods => ({ namespace, labels: new Map([[gatewayName, name]]) });

function attachedTo(mesh: Mesh, { namespace, name }: Gateway, at: AtProxy): readonly ProxyExtension[] {
  return mesh.derived(`extensions of Gateway ${namespace}/${name}, ${at.carried}`, (view) =>
    view.extensionsOf('Gateway', namespace, name).filter((one) => isByReference(one) && changesAt(view, one, at)),
  );
}

const waypointClass = 'istio-waypoint';

function attachedToClass(mesh: Mesh, at: AtProxy): readonly ProxyExtension[] {
  return mesh.derived(`extensions of the class of waypoints, ${at.carried}`, (view) =>
    view
      .extensionsOf('GatewayClass', '', waypointClass)
      .filter((one) => isPolicy(one) && isOfClass(view, one) && changesAt(view, one, at)),
  );
}

/** A class is named in the root namespace. */
function isOfClass({ settings }: Mesh, extension: ProxyExtension): boolean {
  return (
    since(settings, '1.25') &&
    extension.namespace === settings.rootNamespace &&
    isAttachedTo(extension, 'GatewayClass', '', waypointClass)
  );
}

function isByReference(extension: ProxyExtension): boolean {
  return kindOfExtension(extension).waypoint !== 'workload';
}

function isPolicy(extension: ProxyExtension): boolean {
  return kindOfExtension(extension).waypoint === 'policy';
}

const atSidecars: AtProxy = { proxy: 'sidecar', carried: 'token' };

/** Those that change, or may change, what sidecars of the pods send. istio@86c9f01 pilot/pkg/model/push_context.go EnvoyFilters. */
export function extensionsAtSidecar(mesh: Mesh, pods: SelectedPods): readonly ProxyExtension[] {
  return extensionsSelecting(mesh, pods, atSidecars);
}

export function firstExtensionAtSidecar(mesh: Mesh, pods: SelectedPods): ProxyExtension | undefined {
  return firstExtensionSelecting(mesh, pods, atSidecars);
}

export function isExtensionAtSidecar(mesh: Mesh, pods: SelectedPods, extension: ProxyExtension): boolean {
  return isSelecting(mesh, extension, pods, atSidecars);
}

/** Whether sidecars are changed whose pods its selector selects, or all of them. */
export function isReadBySidecars(mesh: Mesh, extension: ProxyExtension): boolean {
  return goesBySelector(mesh, extension, atSidecars);
}

/** Those that change the pods of a gateway. */
export function extensionsAtGatewayPods(mesh: Mesh, pods: SelectedPods, carried: Carried): readonly ProxyExtension[] {
  return extensionsSelecting(mesh, pods, { proxy: 'gateway', carried });
}

export function firstExtensionAtGatewayPods(
  mesh: Mesh,
  pods: SelectedPods,
  carried: Carried,
): ProxyExtension | undefined {
  return firstExtensionSelecting(mesh, pods, { proxy: 'gateway', carried });
}

export function isExtensionAtGatewayPods(mesh: Mesh, pods: SelectedPods, extension: ProxyExtension): boolean {
  return isSelecting(mesh, extension, pods, { proxy: 'gateway', carried: 'token' });
}

/** The sentence without its full stop. */
export function extensionText(extension: ProxyExtension, proxy: string): string {
  const { kinds, changes } = kindOfExtension(extension);
  return kinds
    ? `${describe(extension)} applies to ${proxy}, and what it changes is not followed: ${changes}`
    : `${describe(extension)} is attached to ${proxy}, and what another vendor's controller makes of it is not modelled`;
}

/** The sidecars that it changes, in words. */
export function sidecarsOf({ spec }: ProxyExtension, namespace: string): string {
  return `sidecars of namespace ${namespace}${spec.selector.size > 0 ? ' that its selector matches' : ''}`;
}
