// The ways of clients of routes, and of those with sidecars, to a host: through the egress gateway that a route names, past it, or straight. Each is a trace.
import { plainRequests } from '../../eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import { namespaceDataPlane, namespacesJoining } from '../../mesh/clients/data-plane.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { labelsWithSidecar } from '../../mesh/clients/injection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Route } from '../../rules/shared/route-targets.ts';
import { requestsOfRoute } from '../../rules/trace/requests-of-route.ts';
import { tracesOfHost } from '../../rules/trace/traces-of-route.ts';

export interface SidecarWay {
  readonly host: string;
  /** That the client calls. */
  readonly port: number;
  /** What names the egress gateway; both are undefined where no route does. */
  readonly route: Resource | undefined;
  readonly gateway: EgressGateway | undefined;
  /** Policies are not asked: they say who may go this way. */
  readonly trace: Trace;
  /** `past`: it leaves without the gateway that the route names. */
  readonly end: 'through' | 'past' | 'direct' | 'fails' | 'unknown';
}

type Entry = Resource<'ServiceEntry'>;

/** The maximum for one entry: a host may have routes of many namespaces. */
const mostRoutes = 10;

/** By the routes that name an egress gateway for the host. */
export function waysOfRoutes(mesh: Mesh, entry: Entry, written: string): readonly SidecarWay[] {
  const host = normalizeHost(written);
  const listed = new Set(entry.spec.ports.map(({ number }) => number?.value));
  return [...byVirtualServices(mesh, host), ...byRoutes(mesh, entry)].filter(({ port }) => listed.has(port));
}

/** The same for each entry of the host. */
function byVirtualServices(mesh: Mesh, host: string): readonly SidecarWay[] {
  return mesh.derived(`ways by VirtualServices to ${host}`, (view) => {
    const services = [...new Set(patternsFor(host).flatMap((pattern) => view.virtualServices(pattern)))];
    return services
      .slice(0, mostRoutes)
      .filter(({ refused }) => !refused)
      .flatMap((route) => waysOfService(view, route, host));
  });
}

/** Of a VirtualService that names an egress gateway for the host. */
export function waysOfService(mesh: Mesh, route: Resource<'VirtualService'>, host: string): readonly SidecarWay[] {
  return tracesOfHost(mesh, route, host).flatMap(({ request, gateway, trace: own }) =>
    clientsFor(mesh, request).map((from) => {
      const asked = { ...request, from };
      return wayOf(asked, { route, gateway }, from === request.from ? own : follow(mesh, asked));
    }),
  );
}

function byRoutes(mesh: Mesh, { namespace, name }: Entry): readonly SidecarWay[] {
  return mesh
    .routesTo('ServiceEntry', namespace, name)
    .slice(0, mostRoutes)
    .flatMap((route) => waysOfRoute(mesh, route));
}

/** Of a route of the Gateway API that names an egress gateway. */
export function waysOfRoute(mesh: Mesh, route: Route): readonly SidecarWay[] {
  if (route.refused) return [];
  return requestsOfRoute(mesh, route).flatMap(({ request, gateway }) =>
    clientsFor(mesh, request).map((from) => {
      const asked = { ...request, from };
      return wayOf(asked, { route, gateway }, follow(mesh, asked));
    }),
  );
}

/**
 * Pods of the namespace as its labels make them, with sidecars where no file shows it. Where they have none, routes for all are
 * for clients elsewhere too.
 */
function clientsFor(mesh: Mesh, { from }: TraceRequest): readonly TraceRequest['from'][] {
  const { mode } = namespaceDataPlane(mesh, from.namespace);
  if (mode === 'unknown' || mode === 'sidecar') return [from];
  const labels = new Map([...from.labels].filter(([key]) => !labelsWithSidecar.has(key)));
  const [elsewhere] = namespacesJoining(mesh, 'sidecar');
  return [{ ...from, labels }, ...(elsewhere === undefined ? [] : [{ ...from, labels, namespace: elsewhere }])];
}

function follow(mesh: Mesh, request: TraceRequest): Trace {
  return trace(mesh, request, { skip: [authorization] });
}

function wayOf(
  { host, port }: TraceRequest,
  { route, gateway }: Pick<SidecarWay, 'route' | 'gateway'>,
  found: Trace,
): SidecarWay {
  return { host, port, route, gateway, trace: found, end: endOf(found, gateway) };
}

/** From the entry's own namespace, else from the first one with sidecars; none where no file shows a namespace with sidecars. */
export function plainWays(mesh: Mesh, entry: Entry, written: string): readonly SidecarWay[] {
  const own = namespaceDataPlane(mesh, entry.namespace).mode === 'sidecar' ? entry.namespace : undefined;
  const from = own ?? namespacesJoining(mesh, 'sidecar')[0];
  if (from === undefined) return [];
  const host = normalizeHost(written);
  return plainRequests(entry, [from])
    .filter((request) => request.host === host)
    .map((request) => wayOf(request, { route: undefined, gateway: undefined }, follow(mesh, request)));
}

function endOf({ verdict, gateway }: Trace, named: EgressGateway | undefined): SidecarWay['end'] {
  if (verdict === 'fails') return 'fails';
  if (verdict !== 'allowed' && verdict !== 'bypasses') return 'unknown';
  if (gateway) return 'through';
  return named ? 'past' : 'direct';
}

/** What becomes of a DestinationRule on these ways. */
export function useOfRule(ways: readonly SidecarWay[], { id, refused }: Resource<'DestinationRule'>): RuleUse {
  if (refused) return { appliedBy: [], isByAge: false, isUnused: false };
  const steps = ways.flatMap(({ trace: { steps: all, gateway } }) =>
    all
      .filter(({ stage, evidence }) => stage === 'destination' && evidence.some(({ resource }) => resource.id === id))
      .map(({ outcome, hop }) => ({ outcome, at: hop === 'gateway' ? gateway : undefined })),
  );
  const applied = steps.filter(({ outcome }) => outcome === 'yes');
  const isByAge = steps.some(({ outcome }) => outcome === 'unknown');
  const names = applied.map(({ at }) => (at ? `egress gateway ${at.namespace}/${at.name}` : 'sidecars'));
  return {
    appliedBy: isByAge ? [] : [...new Set(names)],
    isByAge,
    isUnused: ways.length > 0 && applied.length === 0 && !isByAge,
  };
}

interface RuleUse {
  /** In words. */
  readonly appliedBy: readonly string[];
  readonly isByAge: boolean;
  readonly isUnused: boolean;
}
