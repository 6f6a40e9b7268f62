// Names: matching, specificity, short names. Hosts are compared in lower case and without a trailing dot.

/** A host as it is compared: lower case, no trailing dot. */
export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * `*`, `*.x` or an exact name against a host; a wildcard host is matched only by itself or a wider wildcard. Behind the
 * star stands plain text, so `*in.org` matches `httpbin.org`. istio@86c9f01 pilot/pkg/model/config.go MostSpecificHostMatch.
 */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = normalizeHost(pattern);
  const given = normalizeHost(host);
  if (wanted === given) return true;
  return wanted.startsWith('*') && (given.startsWith('*') ? given.slice(1) : given).endsWith(wanted.slice(1));
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

/** What follows each dot of a host, the dot included, longest first; the last is the empty suffix. */
export function suffixesOf(host: string): readonly string[] {
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

export type ProtocolKind = 'http' | 'tls' | 'tcp' | 'udp' | 'sniffed';

const kindOfProtocol: ReadonlyMap<string, ProtocolKind> = new Map([
  ['http', 'http'],
  ['http2', 'http'],
  ['http_proxy', 'http'],
  ['grpc', 'http'],
  ['grpc-web', 'http'],
  ['https', 'tls'],
  ['tls', 'tls'],
  ['tcp', 'tcp'],
  ['mongo', 'tcp'],
  ['redis', 'tcp'],
  ['mysql', 'tcp'],
  ['udp', 'udp'],
]);

/** What a port's `protocol` makes of the connection: `sniffed` where it is empty or unknown. istio@86c9f01 pkg/config/protocol/instance.go Parse. */
export function protocolKind(protocol: string | undefined): ProtocolKind {
  return kindOfProtocol.get((protocol ?? '').toLowerCase()) ?? 'sniffed';
}

/** An IPv4 or IPv6 address, without a prefix length. */
export function isIpAddress(text: string): boolean {
  const first = text.charCodeAt(0);
  // Asked of every name that is read, and few of those begin with a digit.
  if ((first < 48 || first > 57) && !text.includes(':')) return false;
  if (text.includes(':')) return /^[0-9a-f:.]+(%.+)?$/i.test(text) && text.split(':').length >= 3;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}
