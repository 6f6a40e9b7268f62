// The objects that bring outside hosts through an egress gateway, found from the route of sidecars that sends them there.
import type { EgressGateway } from '../../../mesh/clients/egress-gateway.ts';
import type { OwnTls } from '../../../eval/trace/state.ts';
import type { TraceRequest } from '../../../eval/trace/request.ts';
import { authorization } from '../../../eval/trace/stages/authorization.ts';
import { traceEnds } from '../../../eval/trace/trace.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';
import { requestsOfLead, type Lead } from './requests-of-lead.ts';

type Entry = Resource<'ServiceEntry'>;

/** One request that goes through the gateway. */
export interface ClassicWay {
  readonly request: TraceRequest;
  readonly entry: Entry;
  readonly host: string;
  /** The port of the entry that the gateway sends to, and where its servers listen. */
  readonly upstreamPort: number;
  readonly listening: number;
  /** Where the gateway connects to. */
  readonly targetPort: number;
  readonly tls: Extract<OwnTls, { state: 'originated' }> | undefined;
}

export interface ClassicSet {
  readonly lead: Lead;
  readonly gateway: EgressGateway;
  readonly ways: readonly [ClassicWay, ...ClassicWay[]];
  /** Of the ways, each once. */
  readonly entries: readonly Entry[];
  /** Requests for the gateway that do not get out through it today. */
  readonly broken: readonly TraceRequest[];
}

/** Undefined where no request goes through an egress gateway. */
export function classicSet(mesh: Mesh, lead: Lead): ClassicSet | undefined {
  const meant = requestsOfLead(mesh, lead);
  const ways = meant.flatMap(({ request }) => waysOf(mesh, request));
  const [first, ...more] = ways;
  const gateway = meant[0]?.gateway;
  if (!first || !gateway) return undefined;
  const requests = new Set(ways.map(({ request }) => request));
  return {
    lead,
    gateway,
    ways: [first, ...more],
    entries: [...new Set(ways.map(({ entry }) => entry))],
    broken: meant.flatMap(({ request }) => (requests.has(request) ? [] : [request])),
  };
}

function waysOf(mesh: Mesh, request: TraceRequest): readonly ClassicWay[] {
  return traceEnds(mesh, request, { skip: [authorization] }).flatMap(({ state, ending }): readonly ClassicWay[] => {
    const { service, port, gateway, tls } = state;
    const number = port?.number?.value;
    if (ending?.verdict !== 'allowed' || !gateway?.taken || !service || number === undefined) return [];
    return [
      {
        request,
        entry: service.entry,
        host: service.host,
        upstreamPort: number,
        listening: gateway.taken.port,
        targetPort: ending.upstream?.port ?? number,
        tls: tls?.state === 'originated' ? tls : undefined,
      },
    ];
  });
}
