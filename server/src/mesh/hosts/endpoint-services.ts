// Which service decides what endpoints a waypoint is handed out for a host with resolution STATIC.
import { keptFor } from '../../base/kept-for.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import { groupBy } from '../../base/group-by.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { foremostServices, viewerOf } from '../destination-rules/service-namespaces.ts';
import type { Mesh } from '../mesh.ts';
import { mergedBy, type Owner } from './owners-at-proxy.ts';

/** One that age may choose. */
export interface EndpointService {
  /** All endpoints of the host there that have the port are handed out. */
  readonly namespace: string;
  /** Of the port, by which endpoints are told; undefined where none is handed out. */
  readonly portName: string | undefined;
  readonly kind: Owner['kind'];
  /** Of the first such one. */
  readonly name: string;
}

/**
 * The waypoint asks for endpoints by the host and the port's number alone: the service that its namespace uses for the host answers, whichever
 * entry the waypoint carries. Where that one resolves names itself, or has no such port, none is handed out. Each different answer once; none where
 * the namespace sees no service.
 * istio@86c9f01 pilot/pkg/xds/endpoints/endpoint_builder.go NewEndpointBuilder, BuildClusterLoadAssignment, findShards;
 * pilot/pkg/model/push_context.go ServiceForHostname.
 */
export function endpointServices(
  mesh: Mesh,
  host: string,
  port: number,
  namespace: string,
): readonly EndpointService[] {
  const key = `endpoint services of ${normalizeHost(host)} ${port} for ${viewerOf(mesh, host, namespace)}`;
  return mesh.derived(key, (view) => {
    const foremost = foremostServices(view, host, namespace);
    const merging = groupBy(foremost, mergedBy);
    const found = foremost.flatMap((one) =>
      portNames(one, merging.get(mergedBy(one))!, port).map((name) => answerOf(one, name)),
    );
    return firstOfEach(found, ({ namespace: home, portName, kind }) => JSON.stringify([home, portName, kind]));
  });
}

function answerOf(owner: Owner, portName: string | undefined): EndpointService {
  const { namespace, kind, name } = owner;
  const isResolved = owner.kind === 'ServiceEntry' && (owner.spec.resolution?.value.startsWith('DNS') ?? false);
  return { namespace, kind, name, portName: isResolved ? undefined : portName };
}

/** What it lacks, those with which it is put together bring: the oldest of them, whichever that is. */
function portNames(one: Owner, group: readonly Owner[], port: number): readonly (string | undefined)[] {
  const own = portNameOf(one, port);
  if (own !== undefined) return [own];
  const theirs = namesIn(group, port);
  return theirs.length > 0 ? theirs : [undefined];
}

function namesIn(group: readonly Owner[], port: number): readonly string[] {
  const known = knownNames(group);
  const names = known.get(port) ?? [...new Set(group.flatMap((one) => portNameOf(one, port) ?? []))];
  known.set(port, names);
  return names;
}

/** Of thousands that lack the port, each asks. */
const knownNames = keptFor((_: readonly Owner[]) => new Map<number, readonly string[]>());

function portNameOf(owner: Owner, port: number): string | undefined {
  if (owner.kind === 'Service') {
    const found = owner.spec.ports.find(({ number }) => number.value === port);
    return found && (found.name ?? '');
  }
  const found = owner.spec.ports.find(({ number }) => number?.value === port);
  return found?.name?.value;
}
