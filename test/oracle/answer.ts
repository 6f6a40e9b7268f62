// What is compared of a mesh: bindings, what a waypoint has for each port, and whether each call may pass. One text each.
import type { Pod, Sample } from './generate.ts';
import type { TlsAnswer } from '../kit/oracle.ts';

export interface Answer {
  /** By `namespace/entry host`: the waypoint, `-`, or `!Reason`. */
  readonly bindings: Readonly<Record<string, string>>;
  /** By `namespace/entry host port/chain`. */
  readonly ports: Readonly<Record<string, PortAnswer>>;
  /** By `client namespace > host`: the entry that ztunnel leads to (all that it may, with `|`), or `-` for the real address. */
  readonly services: Readonly<Record<string, string>>;
  /** What only some profiles ask about, by `what whose`. */
  readonly more?: Readonly<Record<string, string>>;
}
export interface PortAnswer {
  /** The TLS that is originated; `plain`. */
  readonly tls: string;
  /** What is dialled: `host:port`, several with commas, `(dialled)` and `(request)` for addresses that the client gives. */
  readonly upstream: string;
  /** One letter for each call: allowed, denied, custom. */
  readonly calls: string;
}

/** Entries of another namespace have the host's place at the waypoint: nothing is there for this one. */
export const displaced: PortAnswer = { tls: 'displaced', upstream: '', calls: '' };

/** `namespace key=value,…`, as the oracle names those it was asked about. */
export function podName({ namespace, labels }: Pod): string {
  return [
    namespace,
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
  ]
    .join(' ')
    .trim();
}

/** Host and port as the client writes them in `:authority`. */
export function authorityOf(call: Sample['calls'][number], host: string, port: number): string {
  const name = call.authority ?? host.replace(/^\*/, 'any');
  return call.withPort ? `${name}:${port}` : name;
}

/** A client that dials a TLS port opens a handshake; on a TCP port without TLS no name is seen. */
export function serverNameOf(
  call: Sample['calls'][number],
  host: string,
  protocol: string | undefined,
): string | undefined {
  return /^(tls|https)$/i.test(protocol ?? '') ? (call.sni ?? host.replace(/^\*/, 'any')) : undefined;
}

export function describeTls({ sni, autoSni, autoSan, names, roots, client }: TlsAnswer): string {
  return [
    `sni=${sni ?? (autoSni ? '(request)' : '-')}`,
    `names=${[...names, ...(autoSan ? ['(request)'] : [])].join('+') || '-'}`,
    `roots=${roots ?? '-'}`,
    ...(client.length > 0 ? [`client=${client.join('+')}`] : []),
  ].join(' ');
}

/** Where one request goes by the routes of its chain. */
export type RouteWords =
  | { readonly does: 'none' }
  | { readonly does: 'redirect' | 'respond'; readonly status: number }
  | {
      readonly does: 'forward';
      readonly to: readonly TargetWords[];
      readonly abort: { readonly status: number | undefined; readonly share: number } | undefined;
    };
interface TargetWords {
  readonly cluster: string;
  readonly weight: number | undefined;
  readonly host: string | undefined;
  /** The TLS of a connection of the waypoint's own; `sent` past it, or the answer where there is none. */
  readonly by: string;
}

export function describeRoute(words: RouteWords): string {
  if (words.does === 'none') return '404';
  if (words.does !== 'forward') return `${words.does} ${words.status}`;
  const { abort, to } = words;
  const targets = to.map(
    ({ cluster, weight, host, by }) =>
      `${cluster}${to.length > 1 ? ` *${weight}` : ''}${host ? ` as ${host}` : ''} ${by}`,
  );
  return `${abort ? `abort ${abort.status} ${abort.share} % or ` : ''}${targets.join(' + ')}`;
}
