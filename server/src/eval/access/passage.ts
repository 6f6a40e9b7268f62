// How requests get to a host: the proxy that handles them last, and what protects them behind it.
import { waypointLabelOf } from '../../mesh/binding/waypoint-binding.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { TraceEnd } from '../trace/trace.ts';

/**
 * `plain`: nothing in the mesh encrypts the bytes. `pass-through`: the client's own TLS. `originated`, `mutual`: the proxy's. `unknown`:
 * nothing decides, or requests differ. `none`: no request arrives.
 */
type TlsOnTheWay = 'plain' | 'pass-through' | 'originated' | 'mutual' | 'unknown' | 'none';

export interface Passage {
  /** The waypoint, or the Service of the egress gateway; undefined without one, and where requests differ. */
  readonly proxy?: { readonly namespace: string; readonly name: string } | undefined;
  readonly tls?: TlsOnTheWay | undefined;
  /** Some requests go past the waypoint that is meant for them. */
  readonly bypasses?: boolean | undefined;
}

export function passageOf(mesh: Mesh, ends: readonly TraceEnd[]): Passage {
  return agreedPassage(
    ends.map((end) => ({
      proxy: proxyOf(mesh, end),
      tls: tlsOf(end),
      bypasses: end.ending?.verdict === 'bypasses',
    })),
  );
}

export function agreedPassage(passages: readonly Passage[]): Passage {
  const proxies = new Map(
    passages.map(({ proxy }) => [proxy ? `${proxy.namespace}/${proxy.name}` : '', proxy] as const),
  );
  const kinds = new Set(passages.flatMap(({ tls }) => tls ?? []));
  // What does not arrive has no TLS; what does arrive decides.
  if (kinds.size > 1) kinds.delete('none');
  const [tls] = kinds;
  const [proxy] = proxies.values();
  return {
    proxy: proxies.size === 1 ? proxy : undefined,
    tls: kinds.size > 1 ? 'unknown' : tls,
    bypasses: passages.some(({ bypasses }) => bypasses === true),
  };
}

export function samePassage(a: Passage, b: Passage): boolean {
  return (
    a.tls === b.tls &&
    (a.bypasses ?? false) === (b.bypasses ?? false) &&
    a.proxy?.namespace === b.proxy?.namespace &&
    a.proxy?.name === b.proxy?.name
  );
}

/** A waypoint that no file shows has the name of its label. */
function proxyOf(mesh: Mesh, { state, ending }: TraceEnd): Passage['proxy'] {
  const { waypoint, gateway, service } = state;
  const found = waypoint ?? gateway?.pods;
  if (found) return { namespace: found.namespace, name: found.name };
  const label = !ending && service ? waypointLabelOf(mesh, service.entry) : undefined;
  return label && { namespace: label.namespace, name: label.name };
}

function tlsOf({ state, ending }: TraceEnd): TlsOnTheWay {
  if (!ending) return 'unknown';
  const { upstream } = ending;
  if (upstream?.tls) return upstream.tls.mode === 'MUTUAL' ? 'mutual' : 'originated';
  if (upstream) return upstream.protocol === 'tls' ? 'pass-through' : 'plain';
  if (ending.verdict === 'undetermined') return 'unknown';
  if (state.tls?.state !== 'originated') return 'none';
  return state.tls.mode === 'MUTUAL' ? 'mutual' : 'originated';
}
