// IP addresses and ranges as Go's net/netip reads them (ParseAddr, ParsePrefix), which Istio asks wherever it reads one:
// no leading zeros, no spaces. istio@86c9f01 pkg/util/net/ip.go IsValidIPAddress, pkg/config/validation/agent/validation.go ValidateIPSubnet.

export interface AddressRange {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** An IPv4 or IPv6 address, without a prefix length; IPv6 may name a zone (`fe80::1%eth0`). */
export function isIpAddress(text: string): boolean {
  const first = text.charCodeAt(0);
  // A fast check first: it runs for every name, and few names begin with a digit.
  if ((first < 48 || first > 57) && !text.includes(':')) return false;
  return parseAddress(text.includes(':') ? text.replace(/%.+$/, '') : text) !== undefined;
}

/** An address or a range such as `10.0.0.0/8`. */
export function isAddressOrRange(text: string): boolean {
  return text.includes('/') ? parseRange(text) !== undefined : isIpAddress(text);
}

/** `10.0.0.0/8`, `10.1.2.3` (the range of itself), `2001:db8::/32`; undefined for anything else, and for an address with a zone. */
export function parseRange(text: string): AddressRange | undefined {
  const [written = '', length, ...more] = text.split('/');
  const address = parseAddress(written);
  if (!address || more.length > 0) return undefined;
  const width = address.family === 4 ? 32 : 128;
  if (length === undefined) return { ...address, prefix: width };
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : undefined;
  return prefix === undefined || prefix > width ? undefined : { ...address, prefix };
}

function parseAddress(text: string): Omit<AddressRange, 'prefix'> | undefined {
  const family = text.includes(':') ? 6 : 4;
  const bits = family === 4 ? parseV4(text) : parseV6(text);
  return bits === undefined ? undefined : { family, bits };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** Eight groups, or fewer around one `::`; an IPv4 address may replace the last two. */
function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  if (groups.some((list) => list === undefined)) return undefined;
  const [head = [], tail = []] = groups as string[][];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<string>(missing).fill('0'), ...tail].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

function groupsOf(half: string, isLast: boolean): readonly string[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const v4 = isLast ? parseV4(parts.at(-1)!) : undefined;
  const groups =
    v4 === undefined ? parts : [...parts.slice(0, -1), (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16)];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups : undefined;
}

/** Whether the address, or range, is in the range. */
export function rangeContains(range: string, address: string): boolean {
  const [outer, inner] = [parseRange(range), parseRange(address)];
  if (!outer || !inner || outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const rest = BigInt((outer.family === 4 ? 32 : 128) - outer.prefix);
  return outer.bits >> rest === inner.bits >> rest;
}

/** From which Istio allocates addresses to hosts. §2.11; istio@86c9f01 pilot/pkg/features/experimental.go IPAutoallocateIPv4Prefix, IPAutoallocateIPv6Prefix. */
export const allocationRanges: readonly string[] = ['240.240.0.0/16', '2001:2::/48'];

const privateRanges = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
];

/** Addresses that no server on the internet has. RFC 1918, RFC 6598, RFC 3927. */
export function isPrivate(range: string): boolean {
  return privateRanges.some((one) => rangeContains(one, range));
}

/** A range of one address is that address. istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go convertServices. */
export function isSingleAddress(address: string): boolean {
  const [ip = '', length] = address.split('/');
  return length === undefined || length === (ip.includes(':') ? '128' : '32');
}

/** The range that the text stands for, in one spelling: `10.1.2.3/8` and `10.0.0.0/8` are one, as are `10.1.2.3` and `10.1.2.3/32`. */
export function networkOf(text: string): string | undefined {
  const range = parseRange(text);
  if (!range) return undefined;
  const width = range.family === 4 ? 32 : 128;
  const rest = BigInt(width - range.prefix);
  return `${textOf((range.bits >> rest) << rest, range.family)}/${range.prefix}`;
}

/** Of the zero groups of IPv6 only those at the end are shortened, as in `2001:db8::`. */
function textOf(bits: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((bits >> shift) & 0xffffn).toString(16));
  const used = groups.findLastIndex((group) => group !== '0') + 1;
  return used > 6 ? groups.join(':') : `${groups.slice(0, used).join(':')}::`;
}
