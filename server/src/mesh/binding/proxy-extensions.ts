// Which extensions change a proxy: EnvoyFilters, WasmPlugins and the like, and other vendors' policies. What they change is not
// modelled, so that nothing is claimed of what goes through such a proxy.
import { extensionKindOf, type ExtensionKind } from '../../model/extension-kinds.ts';
import { groupOf } from '../../model/kind-of.ts';
import { gatewayName } from '../../model/label-names.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { selects } from '../label-selector.ts';
import { workloadsIn } from '../clients/data-plane.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';

export type ProxyExtension = Resource<'ProxyExtension'>;

type Bound = Resource<'ServiceEntry'> | Resource<'Service'>;

/** Whether a request is asked about that carries a token: some kinds change no other. */
export type Carried = 'no-token' | 'token';

/**
 * Those that change what the waypoint does with requests to the object. Waypoints read no selectors, except for ProxyConfig, and
 * Istio's documentation lets policies name a ServiceEntry or Service too. istio@86c9f01 pilot/pkg/model/policyattachment.go
 * ShouldAttachPolicy.
 */
export function extensionsAtWaypoint(
  mesh: Mesh,
  gateway: Resource<'Gateway'>,
  object: Bound,
  carried: Carried,
): readonly ProxyExtension[] {
  const onGateway = mesh.extensionsOf('Gateway', gateway.namespace, gateway.name);
  const onObject = mesh.extensionsOf(object.kind, object.namespace, object.name);
  const onClass = since(mesh.settings, '1.25')
    ? mesh
        .extensionsOf('GatewayClass', '', 'istio-waypoint')
        .filter(({ namespace }) => namespace === mesh.settings.rootNamespace)
    : [];
  const pods = { namespace: gateway.namespace, labels: new Map([[gatewayName, gateway.name]]) };
  const found = [
    ...onGateway.filter((one) => attachmentOf(one) !== 'workload'),
    ...[...onObject, ...onClass].filter((one) => attachmentOf(one) === 'policy'),
    ...selecting(mesh, pods).filter((one) => attachmentOf(one) === 'workload'),
  ];
  return [...new Set(found)].filter(
    (one) => one.spec.proxies.has('waypoint') && isRead(mesh, one) && changes(one, carried),
  );
}

export interface SidecarPods {
  readonly namespace: string;
  /** Empty if they are not set. */
  readonly labels: ReadonlyMap<string, string>;
  /** `undefined`: any. */
  readonly serviceAccount?: string | undefined;
}

/** Those that change, or may change, what sidecars of the pods send. istio@86c9f01 pilot/pkg/model/push_context.go EnvoyFilters. */
export function extensionsAtSidecar(mesh: Mesh, pods: SidecarPods): readonly ProxyExtension[] {
  return selecting(mesh, pods).filter(
    (one) => kindOfExtension(one).sidecar && one.spec.proxies.has('sidecar') && isRead(mesh, one),
  );
}

/** Those that change the pods of a gateway. */
export function extensionsAtGatewayPods(mesh: Mesh, pods: SidecarPods, carried: Carried): readonly ProxyExtension[] {
  return selecting(mesh, pods).filter(
    (one) =>
      kindOfExtension(one).kinds && one.spec.proxies.has('gateway') && isRead(mesh, one) && changes(one, carried),
  );
}

function changes(extension: ProxyExtension, carried: Carried): boolean {
  return carried === 'token' || !kindOfExtension(extension).tokensOnly;
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

export function kindOfExtension({ written }: ProxyExtension): ExtensionKind {
  return extensionKindOf(groupOf(written.apiVersion), written.kind);
}

function attachmentOf(extension: ProxyExtension): ExtensionKind['waypoint'] {
  return kindOfExtension(extension).waypoint;
}

function isRead(mesh: Mesh, extension: ProxyExtension): boolean {
  const { since: first } = kindOfExtension(extension);
  return first === undefined || since(mesh.settings, first);
}

/** Those of the pods' namespace and of the root namespace that select them, or all pods. */
function selecting(mesh: Mesh, pods: SidecarPods): readonly ProxyExtension[] {
  return [...new Set([mesh.settings.rootNamespace, pods.namespace])]
    .flatMap((namespace) => mesh.inNamespace('ProxyExtension', namespace))
    .filter(({ spec }) => spec.targetRefs.length === 0 && mayBeSelected(mesh, spec.selector, pods));
}

/** Where a client's labels are not said, those of the workloads in the files that it can be decide; without any, it may be selected. */
function mayBeSelected(mesh: Mesh, selector: ReadonlyMap<string, string>, pods: SidecarPods): boolean {
  if (selector.size === 0 || pods.labels.size > 0) return selects(selector, pods.labels);
  const known = workloadsIn(mesh, pods.namespace).filter(
    ({ spec }) =>
      pods.serviceAccount === undefined || (spec.serviceAccount?.value ?? 'default') === pods.serviceAccount,
  );
  return known.length === 0 || known.some(({ spec }) => selects(selector, spec.labels));
}
