// Whether clients that come through an ingress or egress gateway have an identity that policies can name: only where a server
// ends the mesh's mTLS, or TLS with a client certificate that may be the mesh's. server/docs/istio-semantics-classic.md §G.8.
import type { Resource } from '../../model/resource.ts';
import type { GatewayListener } from '../../model/specs.ts';
import { isWaypointClass } from '../binding/waypoint-binding.ts';
import type { Mesh } from '../mesh.ts';
import { mayBeSamePods, serverKind, withChartLabels, type Server } from '../routes/gateway-servers.ts';

type AnyGateway = Resource<'IstioGateway'> | Resource<'Gateway'>;

/** Gateways that the policy guards, none of whose servers gives clients an identity; undefined where one may. */
export function gatewaysWithoutIdentity(
  mesh: Mesh,
  policy: Resource<'AuthorizationPolicy'>,
): readonly [AnyGateway, ...AnyGateway[]] | undefined {
  const { targetRefs, selector } = policy.spec;
  const labels = selector?.matchLabels ?? new Map<string, string>();
  const found =
    targetRefs.length > 0
      ? targeted(mesh, policy)
      : mesh.derived(`gateways without identity ${JSON.stringify([...labels])}`, (view) => selected(view, labels));
  const [first, ...more] = found ?? [];
  return first ? [first, ...more] : undefined;
}

function targeted(mesh: Mesh, { namespace, spec }: Resource<'AuthorizationPolicy'>): readonly AnyGateway[] | undefined {
  const gateways = spec.targetRefs.flatMap(({ kind, name }) =>
    kind?.value === 'Gateway' && name ? mesh.named('Gateway', namespace, name.value) : [],
  );
  const isAll = gateways.length === spec.targetRefs.length;
  return isAll && gateways.every((gateway) => isWaypointClass(gateway, mesh.settings) === false && isAnonymous(gateway))
    ? gateways
    : undefined;
}

function isAnonymous({ spec }: Resource<'Gateway'>): boolean {
  return (
    spec.gatewayClassName?.value === 'istio' &&
    spec.listeners.length > 0 &&
    spec.listeners.every((one) => !mayIdentify(one, spec.checksClients))
  );
}

/** By default a listener terminates TLS with its own certificate. §I.3. */
function mayIdentify({ protocol, tls }: GatewayListener, checksClients: boolean): boolean {
  const isPlain = protocol?.value === 'HTTP' || protocol?.value === 'TCP' || tls?.mode?.value === 'Passthrough';
  return !isPlain && (checksClients || tls?.checksClients === true || tls?.terminateMode !== undefined);
}

/** Gateways of any namespace can have the pods that a selector picks; one without labels has all. §F.1. */
function selected(mesh: Mesh, selector: ReadonlyMap<string, string>): readonly AnyGateway[] | undefined {
  if (selector.size === 0 || !mesh.knows('IstioGateway')) return undefined;
  const gateways = mesh
    .gatewaysSelecting(withChartLabels(selector))
    .filter(({ spec }) => mayBeSamePods(selector, spec.selector) !== 'no' && spec.servers.length > 0);
  if (gateways.some(({ spec }) => spec.servers.some(givesIdentity))) return undefined;
  return gateways.filter(({ spec }) => spec.selector.size > 0 && mayBeSamePods(selector, spec.selector) === 'yes');
}

function givesIdentity(server: Server): boolean {
  const kind = serverKind(server);
  return kind === undefined || kind === 'istio-mutual' || kind === 'mutual' || kind === 'auto-passthrough';
}
