// What a waypoint's Envoy does with a request, by the configuration that istiod really sends it (`oracle -istiod`).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { judge, type RbacFilter } from '../../oracle/rbac.ts';
import { answerOf, type Request, type WorldAnswer } from './world.ts';
import type { Through } from './way.ts';

interface Port {
  readonly chain: string;
  readonly protocol: 'http' | 'tcp';
  readonly rbac?: readonly RbacFilter[];
  readonly logs?: readonly string[];
  readonly table?: {
    readonly virtualHosts?: readonly { readonly domains: readonly string[]; readonly routes: readonly Route[] }[];
    readonly to?: readonly Destination[];
  };
}
interface Route {
  readonly match: Readonly<Record<string, unknown>>;
  readonly to?: readonly Destination[];
}
interface Destination {
  readonly cluster: string;
  readonly is?: { readonly endpoints?: readonly string[]; readonly tls?: { readonly auto?: boolean } };
}

/** What the client gets, and what Envoy would log of it. */
export interface Passage {
  /** Undefined: the connection is closed. */
  readonly answer: WorldAnswer | undefined;
  readonly isLogged: boolean;
  readonly protocol: 'http' | 'tcp';
  readonly cluster: string;
  readonly flags: string;
  /** %RESPONSE_CODE_DETAILS%; on a TCP chain %CONNECTION_TERMINATION_DETAILS%. */
  readonly details: string;
  readonly failure: string;
  /** The port outside that was reached. */
  readonly reached: number | undefined;
}

export interface Istiod {
  readonly oracle: string;
  /** Of its plaintext xDS. */
  readonly address: string;
}

/** Throws where the configuration has more than this stand-in can follow. */
export async function passThrough(
  { oracle, address }: Istiod,
  way: Through,
  port: number,
  request: Request,
): Promise<Passage> {
  const { namespace, name, ip } = way.waypoint;
  const { stdout } = await promisify(execFile)(oracle, ['-istiod', address, namespace, name, ip], {
    maxBuffer: 1 << 28,
  });
  const { waypoints } = JSON.parse(stdout) as { waypoints: readonly { ports: readonly Port[] }[] };
  const chain = waypoints[0]?.ports.find((one) =>
    ['http', 'tcp'].some((kind) => one.chain === `inbound-vip|${port}|${kind}|${way.host}`),
  );
  if (!chain) return { ...closed, isLogged: false };
  const from: Passage = { ...closed, isLogged: chain.logs?.includes('/dev/stdout') ?? false, protocol: chain.protocol };
  const { decision, policy } = judge(chain.rbac ?? [], {
    principal: `spiffe://cluster.local/ns/${way.client.metadata.namespace}/sa/${way.client.spec.serviceAccountName ?? 'default'}`,
    sourceIp: way.client.status.podIP ?? '',
    destinationIp: way.vip,
    destinationPort: port,
    serverName: '',
    headers:
      chain.protocol === 'http'
        ? new Map([
            ...request.headers,
            [':method', request.method],
            [':path', request.path],
            [':authority', request.authority],
          ])
        : new Map(),
  });
  if (decision === 'custom') throw new Error('an external authorizer is asked, and none is here');
  if (decision === 'deny') {
    const details = `rbac_access_denied_matched_policy[${policy ?? 'none'}]`;
    return { ...from, details, answer: chain.protocol === 'http' ? text(403, 'RBAC: access denied') : undefined };
  }
  return chain.protocol === 'http'
    ? forward(from, routeOf(chain, request), request)
    : forward(from, only(chain.table?.to), request);
}

const closed: Passage = {
  answer: undefined,
  isLogged: false,
  protocol: 'http',
  cluster: '-',
  flags: '-',
  details: '-',
  failure: '-',
  reached: undefined,
};

/** Only the route that takes everything is followed. */
function routeOf(chain: Port, { path }: Request): Destination | undefined {
  const routes = chain.table?.virtualHosts?.[0]?.routes ?? [];
  const odd = routes.find(({ match }) => JSON.stringify(match) !== '{"prefix":"/"}');
  if (odd)
    throw new Error(
      `a route with the condition ${JSON.stringify(odd.match)}: whether it takes ${path} is not decided here`,
    );
  return only(routes[0]?.to);
}

function only(to: readonly Destination[] = []): Destination | undefined {
  if (to.length > 1)
    throw new Error(`one of ${to.map(({ cluster }) => cluster).join(', ')} by weight: not decided here`);
  return to[0];
}

async function forward(from: Passage, to: Destination | undefined, request: Request): Promise<Passage> {
  if (!to) return { ...from, flags: 'NR', details: 'route_not_found', answer: text(404, '') };
  if (!to.is) return { ...from, cluster: to.cluster, flags: 'NC', details: 'cluster_not_found', answer: text(503, '') };
  const dialled = Number(/:(\d+)$/.exec(to.is.endpoints?.[0] ?? '')?.[1]);
  const world = await answerOf(request, dialled, to.is.tls !== undefined && !to.is.tls.auto);
  const there = { ...from, cluster: to.cluster };
  if (typeof world !== 'string')
    return { ...there, answer: world, reached: dialled, details: from.protocol === 'http' ? 'via_upstream' : '-' };
  const why = `upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: ${world}`;
  const details = `upstream_reset_before_response_started{remote_connection_failure|${world.replaceAll(' ', '_')}}`;
  return {
    ...there,
    flags: 'UF',
    failure: world,
    details,
    answer: from.protocol === 'http' ? text(503, why) : undefined,
  };
}

function text(status: number, body: string): WorldAnswer {
  return { status, body, type: 'text/plain' };
}
