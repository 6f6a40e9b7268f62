// Parses a request as users write it, and adds the defaults.
import type { TraceRequest } from './request.ts';

export interface RequestWords {
  readonly url: string;
  /** `NAMESPACE` or `NAMESPACE/SERVICEACCOUNT`. */
  readonly from: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly sni?: string | undefined;
}

const schemes = { http: 80, https: 443, tcp: undefined } as const;
/** Of UDP only DNS is looked at. server/docs/istio-semantics-classic.md §A.12. */
const carriedByNobody: ReadonlySet<string> = new Set(['udp', 'quic', 'h3']);
const form = /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?([/?#].*)?$/i;

/** The request, or what is wrong with the words. */
export function parseRequest(words: RequestWords): TraceRequest | { readonly problem: string } {
  const [, written = '', host = '', port, rest = '/'] = form.exec(words.url) ?? [];
  if (host === '') return { problem: `${words.url} is not a valid URL, such as http://httpbin.org/get` };
  const scheme = written.toLowerCase();
  if (carriedByNobody.has(scheme))
    return {
      problem: `${words.url}: the mesh carries no UDP, which QUIC and HTTP/3 use: it goes direct, past sidecars, ztunnel and gateways, and no route, policy or REGISTRY_ONLY counts; only a NetworkPolicy or a firewall stops it`,
    };
  if (!(scheme in schemes)) return { problem: `${words.url}: the scheme must be http, https or tcp` };
  const number = port === undefined ? schemes[scheme as keyof typeof schemes] : Number(port);
  if (number === undefined) return { problem: `${words.url}: tcp needs a port` };
  if (number < 1 || number > 65535) return { problem: `${words.url}: port ${port} is not a valid port (1 to 65535)` };
  const from = parseClient(words);
  if (!from) return { problem: `from "${words.from}": write NAMESPACE or NAMESPACE/SERVICEACCOUNT` };
  return {
    scheme: scheme as TraceRequest['scheme'],
    host: host
      .replace(/^\[|\]$/g, '')
      .toLowerCase()
      .replace(/(.)\.$/, '$1'),
    port: number,
    path: pathOf(scheme, rest),
    method: words.method ?? 'GET',
    headers: new Map(Object.entries(words.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    sni: words.sni,
    from,
  };
}

/** Undefined where it is neither `NAMESPACE` nor `NAMESPACE/SERVICEACCOUNT`. */
export function parseClient({
  from,
  labels = {},
}: Pick<RequestWords, 'from' | 'labels'>): TraceRequest['from'] | undefined {
  const [namespace = '', serviceAccount = 'default', ...more] = from.split('/');
  if (namespace === '' || serviceAccount === '' || more.length > 0) return undefined;
  return { namespace, serviceAccount, labels: new Map(Object.entries(labels)) };
}

/** Without the fragment, which clients keep to themselves. */
function pathOf(scheme: string, rest: string): string {
  if (scheme === 'tcp') return '/';
  const sent = rest.replace(/#.*$/s, '');
  return sent.startsWith('/') ? sent : `/${sent}`;
}
