// Hosts: matching, specificity, short names. Istio compares hosts as they are written, DNS and Envoy in lower case and
// without a trailing dot. So resources are found by the normal form, which misses none, and code that decides something by
// a host in another form uses `coversAsWritten`, or returns unknown.
import { isIpAddress } from './addresses.ts';

/** A host as it is compared: lower case, no trailing dot. */
export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * `*`, `*.x` or an exact name against a host, as written; a wildcard host is covered only by itself or a wider wildcard.
 * Behind the star stands plain text, so `*in.org` covers `httpbin.org`. istio@86c9f01 pkg/config/host/name.go SubsetOf.
 */
export function coversAsWritten(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  return pattern.startsWith('*') && (host.startsWith('*') ? host.slice(1) : host).endsWith(pattern.slice(1));
}

/** One of two hosts covers the other, as written. istio@86c9f01 pkg/config/host/name.go Matches. */
export function overlapAsWritten(a: string, b: string): boolean {
  return coversAsWritten(a, b) || coversAsWritten(b, a);
}

/** As {@link coversAsWritten}, by the normal form. istio@86c9f01 pilot/pkg/model/config.go MostSpecificHostMatch. */
export function hostMatches(pattern: string, host: string): boolean {
  return coversAsWritten(normalizeHost(pattern), normalizeHost(host));
}

/** As {@link overlapAsWritten}, by the normal form. */
export function hostsOverlap(a: string, b: string): boolean {
  return overlapAsWritten(normalizeHost(a), normalizeHost(b));
}

/**
 * The keys under which a pattern that matches `host` can stand, most specific first: itself, `*.parent`, ..., `*`.
 * Stars that are not followed by a dot (`*in.org`) are not among them.
 */
export function patternsFor(host: string): readonly string[] {
  const given = normalizeHost(host);
  const patterns = suffixesOf(given.startsWith('*') ? given.slice(1) : given).map((suffix) => `*${suffix}`);
  return patterns[0] === given ? patterns : [given, ...patterns];
}

/** RFC 1035; with the star and its dot, or the dot at the end, that a host may have. */
const longestHost = 255;

/**
 * What follows each dot of a host, the dot included, longest first; the last is the empty suffix. A host that no DNS name can have
 * is below no other: of one with a million dots, there would be a million suffixes.
 */
export function suffixesOf(host: string): readonly string[] {
  if (host.length > longestHost) return [''];
  const suffixes: string[] = [];
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) suffixes.push(host.slice(dot));
  suffixes.push('');
  return suffixes;
}

/** True for `*in.org`, which Istio accepts with a warning: a star that is followed by something else than a dot. */
export function isPartialWildcard(host: string): boolean {
  return host.length > 1 && host.startsWith('*') && host[1] !== '.';
}

/** A name as Istio reads it in a DestinationRule or VirtualService: a short name belongs to the namespace's services. istio@86c9f01 pilot/pkg/model/config.go ResolveShortnameToFQDN. */
export function expandHost(name: string, namespace: string, clusterDomain: string): string {
  if (name === '' || name === '*' || name.includes('.') || isIpAddress(name)) return name;
  return serviceHost({ name, namespace }, clusterDomain);
}

/** {@link expandHost} in the normal form. */
export function fullHost(name: string, namespace: string, clusterDomain: string): string {
  return normalizeHost(expandHost(name, namespace, clusterDomain));
}

/** True for names that Services have: one label, `x.ns.svc`, `x.ns.svc.<domain>`, and wildcards over them (`*.ns.svc...`, `*.local`). */
export function looksInCluster(name: string, clusterDomain: string): boolean {
  const host = normalizeHost(name);
  if (host === '' || host === '*' || isIpAddress(host)) return false;
  if (host.endsWith('.svc') || host.endsWith(`.svc.${clusterDomain}`)) return true;
  if (host.startsWith('*.')) return `.svc.${clusterDomain}`.endsWith(host.slice(1));
  return !host.includes('.');
}

/** `NAME.NAMESPACE.svc.DOMAIN`. */
export function serviceHost(
  service: { readonly name: string; readonly namespace: string },
  clusterDomain: string,
): string {
  return `${service.name}.${service.namespace}.svc.${clusterDomain}`;
}
