import {
  choiceAtSidecar,
  type RoutedClient,
  type SidecarChoice,
  type SidecarQuestion,
} from '../../../mesh/routes/routes-at-sidecar.ts';
import { chainsOf, portOf } from '../../../mesh/routes/chain-of-port.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { isIpAddress } from '../../../names/addresses.ts';
import { entriesListing } from '../service-by-address.ts';
import { outboundPolicy, servicesFor } from '../../../mesh/clients/sidecar-scope.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { takesWholePort, wholePortOwners } from '../../../mesh/hosts/whole-port.ts';
import { applyRule } from '../applied-rule.ts';
import { followRoutes } from '../route-turns.ts';
import { sidecarHop } from '../sidecar-route.ts';
import { comparedAsWritten, oldestTakesPort, takenByPort } from '../sidecar-steps.ts';
import { authorityOf, clientBytes, clientSni } from '../client-bytes.ts';
import {
  at,
  atName,
  end,
  fork,
  go,
  step,
  type Backend,
  type Entry,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';
import type { Step } from '../step.ts';

type Found = Extract<SidecarChoice, { state: 'found' }>;
type Owner = Found['services'][number];

/** What the client's own sidecar makes of the request: it knows hosts by name, and applies routes and rules itself. */
export const sidecar: Stage = (state, mesh) => {
  const { path, request } = state;
  if (path !== 'sidecar') return go(state);
  if (isIpAddress(request.host) && !isNamed(state)) return byAddress(state, mesh);
  const name = nameSeen(state);
  const choice = choiceAtSidecar(mesh, questionOf(state, name));
  if (choice.state === 'unknown')
    return stop(
      state,
      step(
        'service',
        'unknown',
        `What the sidecars of namespace ${request.from.namespace} import is not known from the files.`,
      ),
    );
  if (choice.state === 'nothing')
    return unknownHost(state, mesh, `The sidecar knows no service for ${name}:${request.port}`);
  const { services } = choice;
  if (services.length < 2) return follow(state, mesh, choice, services[0]);
  return fork(
    [
      step(
        'service',
        'unknown',
        `${services.map(describe).join(' and ')} have the same host: the one created first is used.`,
        ...services.map(atName),
      ),
    ],
    {
      by: 'age',
      summary: `Which entry for ${request.host} the sidecar uses depends on which was created first.`,
      ways: services.map((one) => follow(state, mesh, choice, one)),
    },
  );
};

/** Listeners are made of the addresses that an entry lists. Which of several entries has one no trace follows. */
function byAddress(state: TraceState, mesh: Mesh): Turn {
  const { from, host, port } = state.request;
  const client = { namespace: from.namespace, labels: from.labels };
  const listing = entriesListing(mesh, host)
    .map((one) => one.owner)
    .filter((one) => servicesFor(mesh, client, one.host)?.includes(one.resource) !== false);
  const [owner] = listing;
  if (!owner) return unknownHost(state, mesh, `The sidecar knows no service for ${host}:${port}`);
  const choice = listing.length === 1 ? choiceAtSidecar(mesh, questionOf(state, owner.host)) : undefined;
  if (choice?.state !== 'found' || choice.services[0] !== owner.resource)
    return stop(
      state,
      step(
        'service',
        'unknown',
        `${describe(owner.resource)} lists ${host}; this tool does not tell what a sidecar makes of this request to it.`,
        atName(owner.resource),
      ),
    );
  return follow(state, mesh, choice, owner.resource);
}

/** Another name than the address is sent, by which the sidecar finds the service. */
function isNamed(state: TraceState): boolean {
  return nameSeen(state) !== state.request.host && clientBytes(state.request) !== 'opaque';
}

function questionOf(state: TraceState, name: string): SidecarQuestion {
  const { request } = state;
  return {
    client: clientOf(state),
    name,
    port: request.port,
    bytes: clientBytes(request),
    request: { path: request.path, method: request.method, authority: authorityOf(request), headers: request.headers },
  };
}

/** The Host of HTTP without its port, the server name of TLS, else the host that is dialled. */
function nameSeen({ request }: TraceState): string {
  const bytes = clientBytes(request);
  if (bytes === 'http') return authorityOf(request).replace(/:\d+$/, '');
  return (bytes === 'tls' ? clientSni(request) : undefined) ?? request.host;
}

/** Labels that are given, or those of the workload that is found, are taken for all. */
function clientOf({ workloads, request: { from } }: TraceState): RoutedClient {
  return {
    namespace: from.namespace,
    labels: from.labels,
    hasAllLabels: workloads.length > 0 || from.labels.size > 0,
  };
}

function follow(state: TraceState, mesh: Mesh, choice: Found, service: Owner | undefined): Turn {
  const { request } = state;
  const { host, decision } = choice;
  if (!service) return route({ ...state, chain: 'http' }, mesh, choice, [routeOnly(choice)]);
  if (service.kind === 'Service' && decision.state === 'none') return inCluster(state, service, host);
  if (service.kind === 'Service') return route({ ...state, chain: 'http' }, mesh, choice, []);
  const port = portOf(service, request.port)!;
  if (!isCompared(service, host)) return stop(state, comparedAsWritten(service, host));
  const rivals = takesWholePort(mesh, service, port) ? wholePortOwners(mesh, request.from, request.port) : [];
  if (rivals.length > 1) return stop(state, oldestTakesPort(rivals, request.port));
  const current = step(
    'service',
    'yes',
    `The sidecar handles the connection for ${describe(service)}.`,
    atName(service),
  );
  if (mesh.routesTo('ServiceEntry', service.namespace, service.name).length > 0)
    return stop(
      state,
      step(
        'route',
        'unknown',
        `There are routes of the Gateway API for ${host}; this tool does not evaluate them for sidecars.`,
        atName(service),
      ),
    );
  const chain = chainsOf(port).includes('http') && clientBytes(request) === 'http' ? 'http' : 'tcp';
  const known = { ...state, service: { entry: service, host }, port, chain } as const;
  if (decision.state !== 'none') return route(known, mesh, choice, [current]);
  const backend: Backend = { entry: service, host, port, cluster: `outbound|${request.port}||${host}` };
  return applyRule(
    { ...known, backend },
    mesh,
    { kind: 'sidecar', ...request.from, withoutCluster: (missing) => stop(known, missing) },
    [current],
  );
}

/** Hosts compare as they are written; a name that a wildcard or a route covers is not written in the entry. */
function isCompared(entry: Entry, host: string): boolean {
  const alike = entry.spec.hosts.filter(({ value }) => value.toLowerCase().replace(/\.$/, '') === host);
  return alike.length === 0 || alike.some(({ value }) => value === host);
}

function route(state: TraceState, mesh: Mesh, { host, decision }: Found, before: readonly Step[]): Turn {
  const turn = followRoutes(state, sidecarHop(state, mesh, host), decision);
  return { ...turn, steps: [...before, ...turn.steps] };
}

function routeOnly({ decision, host }: Found): Step {
  const resources = decision.state === 'taken' ? [decision.entry.resource] : [];
  return step('service', 'yes', `The sidecar has no ServiceEntry for ${host}, but a route.`, ...resources.map(atName));
}

function inCluster(state: TraceState, service: Resource<'Service'>, host: string): Turn {
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

/** istio@86c9f01 pilot/pkg/networking/core/httproute.go buildCatchAllVirtualHost. */
function unknownHost(state: TraceState, mesh: Mesh, why: string): Turn {
  const {
    request: { from, scheme, port },
  } = state;
  const owners = wholePortOwners(mesh, from, port);
  if (owners.length > 0) return stop(state, takenByPort(owners, port));
  const policy = outboundPolicy(mesh, from.namespace, from.labels);
  if (policy.state !== 'known')
    return stop(state, step('service', 'unknown', `${why}, and it is unknown whether it allows such traffic.`));
  const by = policy.by && at(policy.by, policy.by.spec.outboundTrafficPolicy?.key ?? policy.by.at.name);
  if (policy.mode !== 'REGISTRY_ONLY')
    return go(state, step('service', 'no', `${why}, and it allows traffic to unknown hosts (ALLOW_ANY).`, by));
  const current = step('service', 'no', `${why}, and it blocks traffic to unknown hosts (REGISTRY_ONLY).`, by);
  return end(state, [current], {
    verdict: 'fails',
    cause: 'registry-only',
    summary: current.message,
    log: { upstreamCluster: 'BlackHoleCluster', status: scheme === 'http' ? 502 : undefined },
  });
}

function stop(state: TraceState, current: ReturnType<typeof step>): Turn {
  return end(state, [current], { verdict: 'undetermined', summary: current.message });
}
