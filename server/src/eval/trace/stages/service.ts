import { joinedWith, mostRelated } from '../../../base/and-more.ts';
import { hostsAtAddressOf, isAtSameWaypoint, ownersAtAddressOf } from '../../../mesh/hosts/shared-address.ts';
import type { HostOwner, Mesh } from '../../../mesh/mesh.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { isIpAddress } from '../../../names/addresses.ts';
import {
  at,
  atName,
  end,
  fork,
  go,
  madeInTurn,
  step,
  stop,
  type Entry,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';
import type { Evidence } from '../step.ts';

/** Which ServiceEntry the connection is for. */
export const service: Stage = (state, mesh) => {
  const { path, choice, request } = state;
  if (path !== 'mesh' || !choice) return go(state);
  const [first, ...more] = choice.outcomes;
  if (more.length === 0) return atAddress(state, mesh, first);
  const named = choice.outcomes.filter((one) => one !== undefined);
  const nameOf = ({ resource }: HostOwner) => describe(resource);
  const byAge = !choice.outcomes.includes(undefined);
  const message = byAge
    ? `${joinedWith('and', named, nameOf)} have the same host: which one is used depends on which was created first.`
    : `It is unknown whether ${joinedWith('or', named, nameOf)} is used.`;
  const places = named.slice(0, mostRelated).map(({ resource }) => atName(resource));
  return fork([step('service', 'unknown', message, ...places)], {
    by: byAge ? 'age' : 'unseen',
    summary: byAge
      ? `Which of ${named.length} entries for ${request.host} is used depends on which was created first.`
      : `Whether an entry for ${request.host} is found depends on what these files do not show.`,
    ways: madeInTurn(choice.outcomes, (one) => atAddress(state, mesh, one)),
  });
};

/** The API server accepts no more hosts of one entry: of these each is followed for each. istio.io/api networking/v1alpha3/service_entry.proto. */
const mostAccepted = 256;
const followedOfMore = 20;

/** The connection shows the address alone, which can stand for several hosts. */
function atAddress(state: TraceState, mesh: Mesh, owner: HostOwner | undefined): Turn {
  if (owner?.resource.kind !== 'ServiceEntry') return follow(state, owner);
  const entry = owner.resource;
  const { host, from, port } = state.request;
  // Of a request to an address, each entry with it is an outcome already.
  const { owners, by } = isIpAddress(host)
    ? ({ owners: hostsAtAddressOf(mesh, entry, owner.host), by: 'unseen' } as const)
    : ownersAtAddressOf(mesh, entry, owner.host, { client: from.namespace, port });
  if (!owners) return ofMany(state, entry);
  const [first] = owners;
  if (owners.length === 1) return takenFor(state, mesh, owner, first!);
  const isOwn = owners.every(({ resource }) => resource === entry);
  const followed = owners.length > mostAccepted ? owners.slice(0, followedOfMore) : owners;
  const isAll = followed.length === owners.length;
  const limit = isAll ? '' : ` This tool follows ${followed.length} of them.`;
  const shared = joinedWith('and', owners, (one) => one.host);
  const what = isOwn
    ? `share the addresses of ${describe(entry)}: connections to these are`
    : 'share an address: connections to it are';
  const which = by === 'age' ? 'whose ServiceEntry was created first' : 'whichever the client asks for';
  const message = `${shared} ${what} taken for one of the hosts, ${which}.${limit}`;
  const places = [...new Set(owners.map(({ resource }) => resource as Entry))].slice(0, mostRelated).map(addressOf);
  return fork([step('service', 'unknown', message, ...places)], {
    by: isAll ? by : 'open',
    summary: message,
    ways: followed.map((one) => follow(state, one)),
  });
}

function ofMany(state: TraceState, entry: Entry): Turn {
  const message = `Too many ServiceEntries list an address of ${describe(entry)} to follow each: connections to it are taken for one of their hosts.`;
  return stop(state, step('service', 'unknown', message, addressOf(entry)));
}

/** Where another host is meant than the one that was asked for, the trace says why. */
function takenFor(state: TraceState, mesh: Mesh, asked: HostOwner, owner: HostOwner): Turn {
  const turn = follow(state, owner);
  if (turn.kind !== 'go' || (owner.resource === asked.resource && owner.host === asked.host)) return turn;
  const other = owner.resource as Entry;
  const isOwn = other === asked.resource;
  const why = isOwn
    ? `The hosts of ${describe(other)} share its addresses: a waypoint takes connections to these for the first by name, ${owner.host}`
    : `${describe(other)} lists an address of ${describe(asked.resource)} too: ${takerOf(mesh, other, asked)} for it`;
  const current = step('service', isOwn ? 'yes' : 'no', `${why}, whatever name was looked up.`, addressOf(other));
  return { ...turn, steps: [current, ...turn.steps] };
}

function takerOf(mesh: Mesh, other: Entry, asked: HostOwner): string {
  const isAtOne = isAtSameWaypoint(mesh, other, asked.resource as Entry);
  return isAtOne
    ? 'the waypoint of both takes the connection'
    : `it is in the client's namespace, and ztunnel takes the connection`;
}

function addressOf(entry: Entry): Evidence {
  return at(entry, entry.spec.addresses[0]?.span ?? entry.at.name);
}

function follow(state: TraceState, owner: HostOwner | undefined): Turn {
  if (!owner)
    return go(
      { ...state, path: 'outside' },
      step('service', 'no', 'No ServiceEntry is found: the client calls the host at its real address.'),
    );
  const { resource, host } = owner;
  if (resource.kind === 'Service') return inside(state, resource);
  return go(
    { ...state, service: { entry: resource, host } },
    step('service', 'yes', `The connection is for ${describe(resource)}.`, atName(resource)),
  );
}

function inside(state: TraceState, resource: Resource<'Service'>): Turn {
  const current = step(
    'service',
    'unknown',
    `${state.request.host} is ${describe(resource)}: the request does not leave the mesh.`,
    atName(resource),
  );
  return end({ ...state, inCluster: resource }, [current], {
    verdict: 'undetermined',
    summary: `${state.request.host} is a Service of the cluster; only requests that leave the cluster are traced.`,
  });
}
