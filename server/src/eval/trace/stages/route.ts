import { chainsOf, portOf } from '../../../mesh/chain-of-port.ts';
import { looksInCluster } from '../../../mesh/hosts.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { routesAtWaypoint, type Destination, type RouteRule, type WaypointRoute } from '../../../mesh/routes-at-waypoint.ts';
import { bindWaypoint } from '../../../mesh/waypoint-binding.ts';
import { describe } from '../../../model/resource.ts';
import { clusterOf } from '../cluster.ts';
import { at, atName, end, fork, go, step, type Entry, type Stage, type TraceState, type Turn } from '../state.ts';

/** Where the request is sent: by the routes for the host, else to the host itself. */
export const route: Stage = (state, mesh) => {
  const { service, waypoint, port, chain } = state;
  if (!service || !waypoint || !port || !chain) return go(state);
  const routes = routesAtWaypoint(mesh, { ...service, port: state.request.port, chain, waypoint });
  const [first, ...more] = routes;
  if (!first) return go({ ...state, backend: { ...service, port, cluster: clusterOf(chain, state.request.port, service.host) } });
  if (more.length === 0) return follow(state, mesh, first);
  return fork([step('route', 'unknown', `${routes.map(({ resource }) => describe(resource)).join(' and ')} route this host: the older comes first.`, ...routes.map(({ resource }) => atName(resource)))], {
    by: 'age', summary: `Which of ${routes.length} routes for ${service.host} comes first depends on their age.`, ways: routes.map((one) => follow(state, mesh, one)),
  });
};

/** Rules up to the first that takes everything; each before it may or may not match. */
function follow(state: TraceState, mesh: Mesh, { resource, rules, delegates }: WaypointRoute): Turn {
  if (delegates) return stop(state, step('route', 'unknown', `${describe(resource)} delegates to other routes, which are not followed.`, atName(resource)), 'undetermined');
  const last = rules.findIndex(({ conditional }) => !conditional);
  const open = last < 0 ? rules : rules.slice(0, last + 1);
  const ways = open.map((rule, i) => take(state, mesh, resource, rule, rules.indexOf(rule) + 1 || i + 1));
  const all = last < 0 ? [...ways, unmatched(state, resource)] : ways;
  if (all.length === 1) return all[0]!;
  return fork([step('route', 'unknown', `${describe(resource)} has rules with conditions, which are not judged here.`, ...open.map(({ span }) => at(resource, span)))], {
    by: 'unseen', summary: `Which rule of ${describe(resource)} matches depends on conditions that are not judged here.`, ways: all,
  });
}

/** On a TCP chain the host itself is next; with HTTP routes in place nothing else is routed. istio@86c9f01 .../listener_waypoint.go buildWaypointInboundHTTPRouteConfig. */
function unmatched(state: TraceState, resource: WaypointRoute['resource']): Turn {
  const { service, port, chain, request } = state;
  if (chain === 'tcp') return go({ ...state, backend: { ...service!, port: port!, cluster: clusterOf('tcp', request.port, service!.host) } });
  return stop(state, step('route', 'no', `If no rule of ${describe(resource)} matches, the waypoint answers 404.`, atName(resource)), 'fails', { upstreamCluster: '-', status: 404 });
}

function take(state: TraceState, mesh: Mesh, resource: WaypointRoute['resource'], rule: RouteRule, number: number): Turn {
  const place = at(resource, rule.span);
  const name = `rule ${number} of ${describe(resource)}`;
  if (rule.action === 'answers') return stop(state, step('route', 'unknown', `${name} answers by itself, for instance with a redirect: nothing is forwarded.`, place), 'undetermined');
  const share = rule.leadsTo.filter(({ weight }) => weight > 0);
  if (share.length === 0) return stop(state, step('route', 'no', `${name} has nowhere to send requests.`, place), 'fails', { upstreamCluster: '-', status: state.chain === 'http' ? 500 : undefined });
  const rewritten = rule.rewrites ? [step('route', 'unknown', `${name} rewrites the URL; if it changes the host, that name is sent and verified.`, place)] : [];
  const ways = share.map((one) => send(state, mesh, one, name, place));
  if (ways.length === 1 && rewritten.length === 0) return ways[0]!;
  return fork(rewritten, { by: 'share', summary: `${name} spreads requests over ${ways.length} destinations.`, ways });
}

function send(state: TraceState, mesh: Mesh, to: Destination, name: string, place: ReturnType<typeof at>): Turn {
  if (to.state === 'refused') return stop(state, step('route', 'no', `${name} names a backend that Istio refuses.`, place), 'fails', { upstreamCluster: '-', status: state.chain === 'http' ? 500 : undefined });
  if (to.state === 'service' || looksInCluster(to.host, mesh.settings.clusterDomain)) {
    const inside = to.state === 'service' ? `Service ${to.name}` : to.host;
    return stop(state, step('route', 'unknown', `${name} leads to ${inside}, which is in the cluster and not followed.`, place), 'undetermined');
  }
  const own = ownEntry(state, mesh, to.host);
  const number = to.port ?? (own?.spec.ports.length === 1 ? own.spec.ports[0]!.number?.value : undefined) ?? state.request.port;
  const port = own && portOf(own, number);
  if (!own) return notOwned(state, mesh, { host: to.host, number, subset: to.subset }, name, place);
  if (!port) return stop(state, step('route', 'no', `${name} leads to port ${number} of ${to.host}, which ${describe(own)} does not list.`, place), 'fails', { upstreamCluster: clusterOf('http', number, to.host, to.subset), status: state.chain === 'http' ? 503 : undefined });
  const cluster = clusterOf(chainsOf(port).includes('http') ? 'http' : 'tcp', number, to.host, to.subset);
  const told = step('route', 'yes', `${name} leads to ${to.host}:${number}${to.subset ? `, subset ${to.subset}` : ''}.`, place);
  if (to.subset) return stop(state, told, 'undetermined');
  return go({ ...state, backend: { entry: own, host: to.host, port, cluster } }, told);
}

/** The entry for the host that the same waypoint carries; undefined where there is none or several. */
function ownEntry({ service, waypoint }: TraceState, mesh: Mesh, host: string): Entry | undefined {
  if (host === service!.host) return service!.entry;
  const carried = mesh.hostOwners(host).map(({ resource }) => resource).filter((one): one is Entry => {
    const binding = bindWaypoint(mesh, one);
    return one.kind === 'ServiceEntry' && binding.state === 'bound' && binding.gateway === waypoint;
  });
  return carried.length === 1 ? carried[0] : undefined;
}

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getWaypointDestinationCluster. */
function notOwned(state: TraceState, mesh: Mesh, { host, number, subset }: { host: string; number: number; subset: string | undefined }, name: string, place: ReturnType<typeof at>): Turn {
  const known = mesh.hostOwners(host).length > 0 || !mesh.knows('ServiceEntry');
  if (!known) return stop(state, step('route', 'no', `${name} leads to ${host}, which no ServiceEntry has.`, place), 'fails', { upstreamCluster: '-', status: state.chain === 'http' ? 503 : undefined });
  return stop(state, step('route', 'unknown', `${name} leads to ${host}:${number}, past this waypoint's own hosts; what is sent there is not followed.`, place), 'undetermined', { upstreamCluster: `outbound|${number}|${subset ?? ''}|${host}`, status: undefined });
}

function stop(state: TraceState, told: ReturnType<typeof step>, verdict: 'fails' | 'undetermined', log?: { readonly upstreamCluster: string; readonly status: number | undefined }): Turn {
  return end(state, [told], { verdict, summary: told.message, log });
}
