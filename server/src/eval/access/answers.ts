// The access of each caller to one host and port. Callers that no condition distinguishes share one result, computed once.
import { protocolKind } from '../../names/protocols.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import { namespacesThatDiffer, serviceForClient } from '../../mesh/hosts/service-for-client.ts';
import { hasInboundListener, inboundListenerPlace } from '../../mesh/binding/waypoint-gateway.ts';
import { noDirectEndpoint } from '../../mesh/hosts/direct-endpoint.ts';
import { notModelledAt } from '../../mesh/binding/not-modelled.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { policiesAt } from '../authz/attached-policies.ts';
import { judgeDestination, type Judgement } from './at-waypoint.ts';
import type { Caller, Mode } from './callers.ts';
import type { Destination } from './destinations.ts';
import { sameOperations, type AccessRow } from './row.ts';
import type { Subject } from './access-subjects.ts';
import { callerConditions, type CallerMatcher, type CallerCondition } from './caller-conditions.ts';

export type Way = Judgement & Pick<AccessRow, 'via'>;

/** For one of the services to which the host can resolve. */
interface ServiceAnswers {
  /** The conditions of its policies on the caller. */
  readonly values: readonly CallerCondition[];
  /** Empty if that is a Service of the cluster. */
  readonly ways: (subject: Subject) => readonly Way[];
}

export interface Answers {
  /** Undefined if the host resolves to a Service of the cluster for this caller. */
  readonly of: (caller: Caller) => Way | undefined;
  /** Callers whose result may differ from that of callers that no policy names; `everybody` if any may. */
  readonly differing:
    | 'everybody'
    | { readonly namespaces: ReadonlySet<string>; readonly values: readonly CallerCondition[] };
}

export function answersAt(mesh: Mesh, destination: Destination, matcher: CallerMatcher): Answers {
  const apart = namespacesThatDiffer(mesh, destination.host);
  const services = new Map<string, readonly ServiceAnswers[]>();
  const servicesFor = (namespace: string): readonly ServiceAnswers[] => {
    const home = !apart || apart.has(namespace) ? namespace : '';
    const known =
      services.get(home) ??
      serviceForClient(mesh, destination.host, home).outcomes.map((owner) => answersOf(mesh, owner, destination));
    services.set(home, known);
    return known;
  };
  const found = new Map<string, Way | undefined>();
  return {
    of(caller) {
      const { subject, modes, extensions } = caller;
      const home = subject === '*' ? '' : subject.namespace;
      const here = modes.includes('named') ? servicesFor(home) : [];
      const key = `${modes.join()} ${extensions.map(({ id }) => id).join()} ${!apart || apart.has(home) ? home : ''} ${here.map(({ values }) => matcher.signature(values, caller)).join()}`;
      if (!found.has(key)) found.set(key, agreed(modes.flatMap((mode) => waysOf(mode, here, caller, destination))));
      return found.get(key);
    },
    get differing() {
      return apart
        ? { namespaces: apart, values: servicesFor('').flatMap(({ values }) => values) }
        : ('everybody' as const);
    },
  };
}

function waysOf(
  mode: Mode,
  services: readonly ServiceAnswers[],
  { subject, extensions }: Caller,
  { entries }: Destination,
): readonly Way[] {
  if (mode === 'named') return services.flatMap(({ ways }) => ways(subject));
  return [mode === 'sidecar' ? direct('undetermined', [...extensions, ...entries]) : direct('all', entries)];
}

const fixed = (...ways: readonly Way[]): ServiceAnswers => ({ values: [], ways: () => ways });

function answersOf(mesh: Mesh, owner: HostOwner | undefined, { port, entries }: Destination): ServiceAnswers {
  if (!owner) return fixed(direct('all', entries));
  if (owner.resource.kind === 'Service') return fixed();
  const entry = owner.resource;
  const binding = bindWaypoint(mesh, entry);
  const ports = entry.spec.ports.filter(
    ({ number, protocol }) => number?.value === port && protocolKind(protocol?.value) !== 'udp',
  );
  const via =
    binding.state === 'bound' || (binding.state === 'unknown' && binding.label !== undefined) ? 'waypoint' : 'direct';
  const unmodelled = binding.state === 'bound' ? notModelledAt(mesh, binding.gateway, entry) : undefined;
  if (unmodelled) return fixed({ via, access: 'undetermined', operations: [], because: [unmodelled.at] });
  // Connections to other ports of the host's address are closed.
  if (ports.length === 0)
    return fixed({
      via,
      access: 'none',
      operations: [],
      because: [{ resource: entry, span: entry.spec.portsKey ?? entry.at.name }],
    });
  if (binding.state === 'unknown')
    return fixed({ via, access: 'undetermined', operations: [], because: [{ resource: entry, span: entry.at.name }] });
  if (binding.state !== 'bound')
    return fixed(
      noDirectEndpoint(mesh, entry)
        ? { via, access: 'none', operations: [], because: [{ resource: entry, span: resolutionOf(entry) }] }
        : direct('all', [entry]),
    );
  const { gateway } = binding;
  // ztunnel resets every connection.
  if (hasInboundListener(mesh, gateway) === false)
    return fixed({
      via,
      access: 'none',
      operations: [],
      because: [{ resource: gateway, span: inboundListenerPlace(gateway) }],
    });
  const isComplete = [...new Set([entry.namespace, binding.gateway.namespace, mesh.settings.rootNamespace])].every(
    (namespace) => mesh.knows('AuthorizationPolicy', namespace),
  );
  const unsure = isComplete ? {} : { access: 'undetermined' as const, operations: [] };
  const destination = { waypoint: binding.gateway, entry, host: owner.host, port: ports[0]! };
  return {
    values: callerConditions(policiesAt(mesh, binding.gateway, entry)),
    ways: (subject) => [{ via, ...judgeDestination(mesh, destination, subject), ...unsure }],
  };
}

function resolutionOf({ spec, at }: Resource<'ServiceEntry'>): AccessRow['because'][number]['span'] {
  return spec.resolution?.span ?? at.spec ?? at.name;
}

export function direct(access: 'all' | 'undetermined', entries: readonly Resource[]): Way {
  return {
    via: 'direct',
    access,
    operations: [],
    because: entries.map((resource) => ({ resource, span: resource.at.name })),
  };
}

/** Several ways are one where they come to the same. */
export function agreed(ways: readonly Way[]): Way | undefined {
  const [first, ...others] = ways;
  if (
    !first ||
    others.every(
      (way) => way.via === first.via && way.access === first.access && sameOperations(way.operations, first.operations),
    )
  )
    return first;
  const via = ways.some((way) => way.via === 'waypoint') ? 'waypoint' : 'direct';
  return {
    via,
    access: 'undetermined',
    operations: [],
    because: [
      ...new Map(
        ways.flatMap(({ because }) => because).map((one) => [`${one.resource.id}:${one.span.start}`, one]),
      ).values(),
    ],
  };
}

/** The same answer for the same reasons. */
export function sameWay(a: Way | undefined, b: Way | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.via !== b.via || a.access !== b.access || a.because.length !== b.because.length) return false;
  return (
    a.because.every(
      ({ resource, span }, i) => resource === b.because[i]!.resource && span.start === b.because[i]!.span.start,
    ) && sameOperations(a.operations, b.operations)
  );
}
