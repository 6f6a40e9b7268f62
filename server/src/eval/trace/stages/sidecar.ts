import { chainsOf, portOf } from '../../../mesh/routes/chain-of-port.ts';
import { patternsFor } from '../../../names/hosts.ts';
import { isIpAddress } from '../../../names/addresses.ts';
import { protocolKind } from '../../../names/protocols.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { outboundPolicy, servicesFor } from '../../../mesh/clients/sidecar-scope.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { takesWholePort, wholePortOwners } from '../../../mesh/hosts/whole-port.ts';
import { comparedAsWritten, oldestTakesPort, takenByPort } from '../sidecar-steps.ts';
import { changedEgressGateway } from './extensions.ts';
import { serviceByAddress } from '../service-by-address.ts';
import { stop, withRule } from './sidecar-rule.ts';
import { clientBytes } from '../client-bytes.ts';
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

/** What the client's own sidecar makes of the request: it knows hosts by name, and applies rules itself. */
export const sidecar: Stage = (state, mesh) => {
  const {
    path,
    request: { from, host, port },
  } = state;
  if (path !== 'sidecar') return go(state);
  if (isIpAddress(host)) return byAddress(state, mesh);
  for (const pattern of patternsFor(host)) {
    const services = servicesFor(mesh, { namespace: from.namespace, labels: from.labels }, pattern);
    if (!services)
      return stop(
        state,
        step(
          'service',
          'unknown',
          `What the sidecars of namespace ${from.namespace} import is not known from the files.`,
        ),
      );
    const taking = services.filter((one) => one.kind === 'Service' || takes(one as Entry, state));
    if (taking.length === 1) return follow(state, mesh, taking[0]!, pattern);
    if (taking.length > 1)
      return fork(
        [
          step(
            'service',
            'unknown',
            `${taking.map(describe).join(' and ')} have the same host: the one created first is used.`,
            ...taking.map(atName),
          ),
        ],
        {
          by: 'age',
          summary: `Which entry for ${host} the sidecar uses depends on which was created first.`,
          ways: taking.map((one) => follow(state, mesh, one, pattern)),
        },
      );
  }
  return unknownHost(state, mesh, `The sidecar knows no service for ${host}:${port}`);
};

/** Listeners are made of the addresses that an entry lists. Which of several entries has one no trace follows. */
function byAddress(state: TraceState, mesh: Mesh): Turn {
  const { from, host, port } = state.request;
  const client = { namespace: from.namespace, labels: from.labels };
  const listing = serviceByAddress(mesh, host, from.namespace).outcomes.filter(
    (owner) => owner && servicesFor(mesh, client, owner.host)?.includes(owner.resource) !== false,
  );
  const [owner] = listing;
  if (!owner) return unknownHost(state, mesh, `The sidecar knows no service for ${host}:${port}`);
  if (listing.length > 1 || owner.resource.kind === 'Service' || !takes(owner.resource, state))
    return stop(
      state,
      step(
        'service',
        'unknown',
        `${describe(owner.resource)} lists ${host}; this tool does not tell what a sidecar makes of this request to it.`,
        atName(owner.resource),
      ),
    );
  return follow(state, mesh, owner.resource, owner.host);
}

/** Whether a listener of the sidecar has a chain for what the client sends to that port. */
function takes(entry: Entry, { request }: TraceState): boolean {
  const port = portOf(entry, request.port);
  if (!port) return false;
  const kind = protocolKind(port.protocol?.value);
  const bytes = clientBytes(request);
  if (kind === 'http') return bytes === 'http';
  return kind !== 'tls' || bytes !== 'http';
}

function follow(state: TraceState, mesh: Mesh, service: Resource<'ServiceEntry' | 'Service'>, host: string): Turn {
  if (service.kind === 'Service')
    return stop(
      { ...state, inCluster: service as Resource<'Service'> },
      step(
        'service',
        'unknown',
        `${host} is ${describe(service)}: the request does not leave the mesh.`,
        atName(service),
      ),
    );
  const entry = service as Entry;
  const port = portOf(entry, state.request.port)!;
  if (!entry.spec.hosts.some(({ value }) => value === host)) return stop(state, comparedAsWritten(entry, host));
  const rivals = takesWholePort(mesh, entry, port) ? wholePortOwners(mesh, state.request.from, state.request.port) : [];
  if (rivals.length > 1) return stop(state, oldestTakesPort(rivals, state.request.port));
  const current = step('service', 'yes', `The sidecar handles the connection for ${describe(entry)}.`, atName(entry));
  const isRouted =
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).length > 0 ||
    patternsFor(host).some((pattern) => mesh.virtualServices(pattern).length > 0);
  if (isRouted) {
    const changed = changedEgressGateway(mesh, state.request.host);
    return stop(
      state,
      step(
        'route',
        'unknown',
        `There are routes for ${host}; this tool does not evaluate routes of sidecars.${changed ? ` ${changed.message}.` : ''}`,
        changed?.evidence,
        atName(entry),
      ),
    );
  }
  const chain = chainsOf(port).includes('http') && clientBytes(state.request) === 'http' ? 'http' : 'tcp';
  const backend: Backend = { entry, host, port, cluster: `outbound|${state.request.port}||${host}` };
  return withRule({ ...state, service: { entry, host }, port, chain, backend }, mesh, [current]);
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
