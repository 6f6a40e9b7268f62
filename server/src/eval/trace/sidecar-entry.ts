// What a client's sidecar does with a connection that it takes for a ServiceEntry: by a route, or straight to the entry.
import { awaitedServer } from '../../mesh/hosts/server-first.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { portInCluster } from '../../mesh/routes/chain-of-port.ts';
import type { Owner } from '../../mesh/hosts/owners-at-proxy.ts';
import type { SidecarChoice } from '../../mesh/routes/sidecar-question.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { applyRule } from './applied-rule.ts';
import { clientBytes } from './client-bytes.ts';
import { hangsBeside } from './hangs-beside.ts';
import { followRoutes } from './route-turns.ts';
import { sidecarHop } from './sidecar-route.ts';
import { assumedAddress } from './listed-address.ts';
import { hangs } from './stages/listener.ts';
import { after, at, atName, end, step, stop, type Backend, type Entry, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

export type FoundAtSidecar = Extract<SidecarChoice, { state: 'found' }>;

interface Taking {
  readonly choice: FoundAtSidecar;
  readonly service: Entry;
  readonly port: ServiceEntryPort;
}

export function followEntry(state: TraceState, mesh: Mesh, { choice, service, port }: Taking): Turn {
  const { request } = state;
  const { host, decision } = choice;
  const awaited = clientBytes(request) === 'opaque' ? awaitedServer(service, port) : undefined;
  if (awaited) return hangs({ ...state, port }, awaited, 'sidecar', at(service, port.span));
  const detecting = choice.taken === 'bytes' ? hangsBeside(mesh, { ...state, port }, service) : undefined;
  if (detecting) return detecting;
  const current = step(
    'service',
    'yes',
    `The sidecar handles the connection for ${describe(service)}.`,
    atName(service),
  );
  const known = { ...state, service: { entry: service, host }, port };
  const assumed = assumedAddress(state, mesh, service);
  const turn =
    decision.state === 'none'
      ? straight(known, mesh, { choice, service, port }, current)
      : routeAtSidecar(known, mesh, choice, [current]);
  return assumed ? after([assumed], turn) : turn;
}

/** Where no route applies. */
function straight(state: TraceState, mesh: Mesh, { choice, service }: Taking, current: Step): Turn {
  const { request } = state;
  const { host, cluster, naming, oldest } = choice;
  const name = `outbound|${request.port}||${host}`;
  const listed =
    cluster?.kind === 'ServiceEntry'
      ? portInCluster(cluster, oldest?.kind === 'ServiceEntry' ? oldest : cluster, request.port)
      : undefined;
  if (cluster?.kind === 'Service') return inCluster(state, cluster, host);
  if (!cluster || !listed) return withoutCluster(state, service, oldest);
  const backend: Backend = {
    entry: cluster,
    host,
    port: listed,
    cluster: name,
    naming: naming?.kind === 'ServiceEntry' ? naming : undefined,
  };
  return applyRule(
    { ...state, backend },
    mesh,
    { kind: 'sidecar', ...request.from, withoutCluster: (missing) => stop(state, missing) },
    [current],
  );
}

/** Listeners are made of every entry of the host in a namespace, clusters of the oldest and those like it, or of a Service alone. §B.22, §B.23. */
function withoutCluster(state: TraceState, service: Entry, oldest: Owner | undefined): Turn {
  const why =
    oldest?.kind === 'Service'
      ? `${describe(oldest)} has the host too and does not list the port`
      : `Another ServiceEntry of namespace ${service.namespace} for the host was created first, and the two differ`;
  const message = `${why}, so the port of ${describe(service)} is lost: the sidecar has no cluster for it.`;
  return end(state, [step('service', 'no', message, atName(service))], {
    verdict: 'fails',
    cause: 'no-destination',
    summary: message,
    log: { upstreamCluster: '-', status: state.chain === 'http' ? 503 : undefined },
  });
}

export function routeAtSidecar(
  state: TraceState,
  mesh: Mesh,
  { host, decision }: FoundAtSidecar,
  before: readonly Step[],
): Turn {
  const turn = followRoutes(state, sidecarHop(state, mesh, host), decision);
  return { ...turn, steps: [...before, ...turn.steps] };
}

export function inCluster(state: TraceState, service: Resource<'Service'>, host: string): Turn {
  return stop(
    { ...state, inCluster: service },
    step(
      'service',
      'unknown',
      `${host} is ${describe(service)}: the request does not leave the mesh.`,
      atName(service),
    ),
  );
}
