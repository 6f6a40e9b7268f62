// What becomes of one request, in one form for both sides: the log line of each proxy on the way, and the connection outside.

export interface Line {
  readonly proxy: 'sidecar' | 'gateway';
  readonly cluster: string;
  /** 0 for bytes. */
  readonly status: number;
  /** Any of these; none for `-`. */
  readonly flags: readonly string[];
  readonly sni: string;
}

export interface Outcome {
  readonly lines: readonly Line[];
  /** Undefined where nothing leaves. */
  readonly upstream: string | undefined;
}

export function outcomeText({ lines, upstream }: Outcome): string {
  const words = lines.map(
    ({ proxy, cluster, status, flags, sni }) =>
      `${proxy} ${cluster} ${status} ${flags.join('/') || '-'}${proxy === 'gateway' ? ` ${sni || '-'}` : ''}`,
  );
  return [...words, upstream ?? 'nothing leaves'].join('; ');
}

/** What the other side of a closed connection says, by when it is closed. */
export const closed = ['UC', 'UF', 'URX', 'UPE', 'UR'];

/** A configuration does not say whether the server agrees: none outside takes the mesh's own certificate. */
export function heardOutside({ lines, upstream }: Outcome): Outcome {
  if (!upstream?.includes(' MUTUAL ') || !upstream.endsWith(' roots=ROOTCA')) return { lines, upstream };
  const last = lines.at(-1)!;
  const isHttp = last.status !== 0;
  const before = lines.slice(0, -1).map((line) => {
    const status = line.status === 0 ? 0 : 503;
    return { ...line, status, flags: isHttp ? line.flags : closed };
  });
  return { lines: [...before, { ...last, status: isHttp ? 503 : 0, flags: ['UF', 'URX'] }], upstream: undefined };
}

/** Flags that may each be written count as one where both have it. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return (
    a.lines.length === b.lines.length &&
    a.lines.every((line, i) => sameLine(line, b.lines[i]!)) &&
    sameUpstream(a.upstream, b.upstream)
  );
}

/** One of Istio's endpoints, whose port may be the request's own (`*`). */
function sameUpstream(theirs: string | undefined, ours: string | undefined): boolean {
  if (theirs === undefined || ours === undefined) return theirs === ours;
  const [addresses = '', ...words] = theirs.split(' ');
  const [address = '', ...own] = ours.split(' ');
  const isThere = addresses
    .split(',')
    .some((one) => one === address || (one.endsWith(':*') && address.startsWith(one.slice(0, -1))));
  return isThere && words.join(' ') === own.join(' ');
}

function sameLine(a: Line, b: Line): boolean {
  return (
    a.proxy === b.proxy &&
    a.cluster === b.cluster &&
    a.status === b.status &&
    (a.proxy === 'sidecar' || a.sni === b.sni) &&
    flagsOf(a).some((flag) => flagsOf(b).includes(flag))
  );
}

function flagsOf({ flags }: Line): readonly string[] {
  return flags.length === 0 ? ['-'] : flags;
}

export interface TlsWords {
  readonly client: boolean;
  readonly sni: string | undefined;
  readonly names: readonly string[];
  readonly verifies: boolean;
  readonly roots: string | undefined;
}

export function tlsText(tls: TlsWords | undefined): string {
  if (!tls) return 'plain';
  const { client, sni, names, verifies, roots } = tls;
  return `${client ? 'MUTUAL' : 'SIMPLE'} sni=${sni ?? '-'} names=${names.join('+') || '-'}${verifies ? '' : ' unverified'} roots=${roots ?? '-'}`;
}
