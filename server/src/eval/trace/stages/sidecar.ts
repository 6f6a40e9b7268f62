import { joinedWith } from '../../../base/and-more.ts';
import { hasHttpListenerByAge, yieldsToHttp } from '../../../mesh/clients/http-listener.ts';
import { choicesAtSidecar } from '../../../mesh/routes/routes-at-sidecar.ts';
import { hasOwnListener } from '../../../mesh/routes/sidecar-chains.ts';
import type { Owner } from '../../../mesh/hosts/owners-at-proxy.ts';
import type { SidecarChoice } from '../../../mesh/routes/sidecar-question.ts';
import { portOf } from '../../../mesh/routes/chain-of-port.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { isIpAddress } from '../../../names/addresses.ts';
import { aliasOf, isUnderAlias } from '../alias-at-sidecar.ts';
import { clientBytes } from '../client-bytes.ts';
import { connectAtSidecar } from '../connect-at-sidecar.ts';
import { entriesListing } from '../service-by-address.ts';
import { servicesFor, sidecarsFor } from '../../../mesh/clients/sidecar-scope.ts';
import { hostsOfEntry } from '../../../mesh/hosts/hosts-of-entry.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { matchesWholePort, wholePortOwners } from '../../../mesh/hosts/whole-port.ts';
import { unknownService } from '../hidden-entry.ts';
import { followEntry, inCluster, routeAtSidecar, type FoundAtSidecar } from '../sidecar-entry.ts';
import { comparedAsWritten, isCompared, ownListeners, takenByPort } from '../sidecar-steps.ts';
import { takenByOldest, unclaimed, unknownHost, withoutOwners, type FollowOwner } from '../unknown-at-sidecar.ts';
import { isNamed, nameSeen, questionOf } from '../sidecar-question.ts';
import { after, atName, fork, go, step, stop, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Step } from '../step.ts';

/** What the client's own sidecar makes of the request: it knows hosts by name, and applies routes and rules itself. */
export const sidecar: Stage = (state, mesh) => {
  const { path, request } = state;
  if (path !== 'sidecar') return go(state);
  const sidecars = sidecarsFor(mesh, request.from) ?? [];
  return sidecars.length > 1 ? withEach(state, mesh, sidecars) : throughSidecar(state, mesh);
};

/** Of several Sidecar resources the one that was created first applies. */
function withEach(state: TraceState, mesh: Mesh, sidecars: readonly Resource<'Sidecar'>[]): Turn {
  const { request } = state;
  const message = `${joinedWith('and', sidecars, describe)} are for the same pods: the one created first applies.`;
  return fork([step('service', 'unknown', message, ...sidecars.map(atName))], {
    by: 'age',
    summary: message,
    ways: sidecars.map((one) =>
      throughSidecar({ ...state, request: { ...request, from: { ...request.from, sidecar: one } } }, mesh),
    ),
  });
}

function throughSidecar(state: TraceState, mesh: Mesh): Turn {
  const { request } = state;
  const [own] = sidecarsFor(mesh, request.from) ?? [];
  if (own?.spec.ownListener) return stop(state, ownListeners(own, own.spec.ownListener));
  if (isIpAddress(request.host) && !isNamed(state)) return byAddress(state, mesh);
  const connect = connectAtSidecar(state, mesh);
  if (connect) return connect;
  if (clientBytes(request) === 'http' && hasHttpListenerByAge(mesh, request.from, request.port)) {
    const message = `Whether the sidecar looks for HTTP on port ${request.port} depends on which services of a host were created first.`;
    return stop(state, step('service', 'unknown', message));
  }
  const name = nameSeen(state);
  const alias = aliasOf(mesh, request.from, name);
  if (!alias) return byName(state, mesh, name, (choice) => take(state, mesh, name, choice));
  const { service, name: target } = alias;
  const message = `${name} is ${describe(service)} of type ExternalName, an alias for ${service.spec.externalName}`;
  if (target === undefined)
    return stop(
      state,
      step('service', 'unknown', `${message}; what a sidecar makes of it is not known.`, atName(service)),
    );
  const called = { ...state, externalName: target };
  const turn = byName(called, mesh, target, (choice) =>
    isUnderAlias(mesh, choice, { alias: name, target, request })
      ? take(called, mesh, target, choice)
      : notUnderAlias(called, mesh, name, choice),
  );
  return after([step('service', 'yes', `${message}.`, atName(service))], turn);
}

function notUnderAlias(state: TraceState, mesh: Mesh, alias: string, choice: SidecarChoice): Turn {
  const why = unknownService(mesh, state.request, alias);
  const isAtAddress =
    choice.state === 'found' && choice.service !== undefined && hasOwnListener(mesh, choice.service, choice.host);
  const isAlone = isAtAddress && clientBytes(state.request) !== 'http';
  return isAlone ? unclaimed(state, mesh, why) : unknownHost(state, mesh, followOwner(mesh), why);
}

function byName(state: TraceState, mesh: Mesh, name: string, followed: (choice: SidecarChoice) => Turn): Turn {
  const { request } = state;
  const choices = choicesAtSidecar(mesh, questionOf(state, name));
  const [first, ...more] = choices;
  if (more.length === 0) return followed(first);
  const services = [...new Set(choices.flatMap(servicesOf))];
  return fork(
    [
      step(
        'service',
        'unknown',
        `${joinedWith('and', services, describe)} have the same host: the one created first is used.`,
        ...services.map(atName),
      ),
    ],
    {
      by: 'age',
      summary: `Which entry for ${request.host} the sidecar uses depends on which was created first.`,
      ways: choices.map(followed),
    },
  );
}

function servicesOf(choice: SidecarChoice): readonly Owner[] {
  if (choice.state !== 'found') return [];
  return [choice.service, choice.cluster, choice.naming].filter((one) => one !== undefined);
}

function take(state: TraceState, mesh: Mesh, name: string, choice: SidecarChoice): Turn {
  const { from } = state.request;
  if (choice.state === 'unknown')
    return stop(
      state,
      step(
        'service',
        'unknown',
        `What the sidecars of namespace ${from.namespace} import is not known from the files.`,
      ),
    );
  if (choice.state === 'nothing') {
    const why = unknownService(mesh, state.request, name);
    return choice.atListener ? unclaimed(state, mesh, why) : unknownHost(state, mesh, followOwner(mesh), why);
  }
  return follow(state, mesh, choice);
}

/** Listeners are made of the addresses that an entry lists. Which of several entries has one no trace follows. */
function byAddress(state: TraceState, mesh: Mesh): Turn {
  const { from, host } = state.request;
  const client = { namespace: from.namespace, labels: from.labels, sidecar: from.sidecar };
  const listing = entriesListing(mesh, host).map((one) => one.owner);
  const isUsed = (one: (typeof listing)[number]) =>
    servicesFor(mesh, client, one.host)?.includes(one.resource) !== false;
  const owner = listing.find(isUsed);
  if (!owner) return unknownHost(state, mesh, followOwner(mesh), unknownService(mesh, state.request, host));
  const isAlone = !listing.some((one) => one !== owner && isUsed(one));
  const [choice, ...others] = isAlone ? choicesAtSidecar(mesh, questionOf(state, owner.host)) : [];
  if (choice?.state !== 'found' || others.length > 0 || choice.service !== owner.resource)
    return stop(
      state,
      step(
        'service',
        'unknown',
        `${describe(owner.resource)} lists ${host}; this tool does not tell what a sidecar makes of this request to it.`,
        atName(owner.resource),
      ),
    );
  return follow(state, mesh, choice);
}

function follow(state: TraceState, mesh: Mesh, choice: FoundAtSidecar): Turn {
  const { request } = state;
  const { host, decision, service, taken } = choice;
  const chain = taken === 'http' ? 'http' : 'tcp';
  const isRouted = decision.state !== 'none';
  const isNameSeen = taken === 'tls' && (isRouted || !isKnownByAddress(mesh, host));
  const seen = { ...state, chain, isNameSeen } as const;
  if (!service) return routeAtSidecar(seen, mesh, choice, [routeOnly(choice)]);
  if (service.kind === 'Service' && !isRouted) return inCluster(state, service, host);
  if (service.kind === 'Service') return routeAtSidecar(seen, mesh, choice, []);
  if (!isCompared(service, host)) return stop(state, comparedAsWritten(service, host));
  const port = portOf(service, request.port)!;
  const isByPort = taken === 'bytes' && matchesWholePort(mesh, service, port);
  const rivals = isByPort ? wholePortOwners(mesh, request.from, request.port) : [];
  if (rivals.length > 1) return takenByOldest(state, mesh, rivals, service, followOwner(mesh));
  const turn = followEntry(seen, mesh, { choice, service, port });
  return isByPort && yieldsToHttp(mesh, request.from, port) ? beforeHttp(state, mesh, service, turn) : turn;
}

/** Only where the entry is the oldest of the services on the port. §C.32. */
function beforeHttp(state: TraceState, mesh: Mesh, service: Resource<'ServiceEntry'>, turn: Turn): Turn {
  const { request } = state;
  const message = `${describe(service)} has port ${request.port} without a protocol: the sidecar has bytes for it only where it was created before the services with HTTP on that port.`;
  const otherwise = withoutOwners(state, mesh, unknownService(mesh, request, request.host));
  return fork([step('service', 'unknown', message, atName(service))], {
    by: 'age',
    summary: message,
    ways: [turn, otherwise],
  });
}

function isKnownByAddress(mesh: Mesh, host: string): boolean {
  return mesh.hostOwners(host).some(({ resource }) => hasOwnListener(mesh, resource, host));
}

/** What comes to an entry by the port alone, as its own connections do. */
function followOwner(mesh: Mesh): FollowOwner {
  return (state, owner) => {
    const host = hostsOfEntry(owner)[0] ?? '';
    const choices = choicesAtSidecar(mesh, { ...questionOf(state, host), bytes: 'opaque' });
    const port = portOf(owner, state.request.port);
    const found = choices.filter((one): one is FoundAtSidecar => one.state === 'found' && one.service === owner);
    if (!port || found.length === 0) return stop(state, takenByPort([owner], state.request.port));
    const ways = found.map((choice) => followEntry({ ...state, chain: 'tcp' }, mesh, { choice, service: owner, port }));
    if (ways.length === 1) return ways[0]!;
    const summary = `What becomes of connections to ${describe(owner)} depends on which of the entries of its host was created first.`;
    return fork([], { by: 'age', summary, ways });
  };
}

function routeOnly({ decision, host }: FoundAtSidecar): Step {
  const resources = decision.state === 'taken' ? [decision.entry.resource] : [];
  return step('service', 'yes', `The sidecar has no ServiceEntry for ${host}, but a route.`, ...resources.map(atName));
}
