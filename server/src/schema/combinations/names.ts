// Forms of names and addresses as Istio's validation takes them. istio@86c9f01 pkg/config/validation/agent/validation.go, pkg/config/labels/instance.go.

export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(name);
}

function isWildcardLabel(name: string): boolean {
  return name.length <= 63 && /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/.test(name);
}

/** ValidateWildcardDomain: labels, of which the first may have or be a star. */
export function isWildcardDomain(domain: string): boolean {
  if (domain === '' || domain.length > 255) return false;
  const [first = '', ...rest] = domain.split('.');
  return isWildcardLabel(first) && (rest.length === 0 || areLabels(rest));
}

/** ValidateFQDN: no star, and no number at the end, which an address would have. */
export function isDomain(domain: string): boolean {
  return domain !== '' && domain.length <= 255 && areLabels(domain.split('.'));
}

function areLabels(labels: readonly string[]): boolean {
  const last = labels.at(-1) ?? '';
  if (/^[+-]?\d+$/.test(last)) return false;
  return labels.every((label, i) => (label === '' && i === labels.length - 1) || isDnsLabel(label));
}

/** Go's net/netip ParseAddr, which refuses leading zeros. */
export function isAddress(text: string): boolean {
  if (text.includes(':')) return isIpv6(text.replace(/%.+$/, ''));
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** `REGION_PLACEHOLDER`, `ab12...example.com`, `<host>`: to be filled in before anything is applied. */
export function isPlaceholder(text: string): boolean {
  return /\.\.\.|[<>$]|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+/.test(text);
}

/** One domain is the other, or lies under its wildcard. istio@86c9f01 pkg/config/host/name.go Matches. */
export function overlap(a: string, b: string): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

function covers(pattern: string, domain: string): boolean {
  return pattern.startsWith('*') && (domain.startsWith('*') ? domain.slice(1) : domain).endsWith(pattern.slice(1));
}

export type ProtocolKind = 'http' | 'tls' | 'other' | 'unknown';

const protocols: Readonly<Record<string, ProtocolKind>> = {
  http: 'http',
  http2: 'http',
  http_proxy: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  https: 'tls',
  tls: 'tls',
  tcp: 'other',
  mongo: 'other',
  redis: 'other',
  mysql: 'other',
  udp: 'other',
};

/** What a port's protocol is to the checks. istio@86c9f01 pkg/config/protocol/instance.go Parse. */
export function protocolKind(protocol: string): ProtocolKind {
  return Object.hasOwn(protocols, protocol.toLowerCase()) ? protocols[protocol.toLowerCase()]! : 'unknown';
}

/** Eight groups, or fewer around one `::`; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  const groups = [head, tail ?? ''].flatMap((part) => (part === '' ? [] : part.split(':')));
  const last = groups.at(-1) ?? '';
  const isMixed = last.includes('.');
  if (more.length > 0 || (isMixed && !isAddress(last))) return false;
  const size = groups.length + (isMixed ? 1 : 0);
  return (
    (isMixed ? groups.slice(0, -1) : groups).every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (tail === undefined ? size === 8 : size < 8)
  );
}

/** An address or a range. */
export function isAddressOrRange(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  if (length === undefined) return isAddress(address);
  return (
    more.length === 0 &&
    isAddress(address) &&
    !address.includes('%') &&
    /^(?:0|[1-9]\d{0,2})$/.test(length) &&
    Number(length) <= (address.includes(':') ? 128 : 32)
  );
}
