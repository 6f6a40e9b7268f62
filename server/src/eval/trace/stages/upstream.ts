import { noDirectEndpoint } from '../../../mesh/hosts/direct-endpoint.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe } from '../../../model/resource.ts';
import { keepsAddress, toNobody } from '../allocated-address.ts';
import { clientBytes } from '../client-bytes.ts';
import { dialledFor, targetsOf, type Target } from '../dialled.ts';
import { perEndpoint, rejects } from '../endpoint-ports.ts';
import { intendedForEntry, intendedForHost, type IntendedWaypoint } from '../intended-waypoint.ts';
import { loggedFirst } from '../logged-hops.ts';
import { arriving, protocolMismatch, type ProtocolMismatch } from '../protocol-mismatch.ts';
import { at, end, step, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Step, Trace, Upstream } from '../step.ts';
import { mismatchTexts } from '../tls-texts.ts';
import { noEndpoint } from './endpoints.ts';
import { dialler, upstreamTlsOf } from './tls.ts';

/** Where the connection ends, and what the whole amounts to. */
export const upstream: Stage = (state, mesh) => {
  if (state.lost && keepsAddress(state)) return toNobody(state, state.lost);
  if (state.backend) return fromProxy(state, mesh);
  return state.path === 'mesh' && state.service ? fromZtunnel(state, mesh) : pastTheMesh(state, mesh);
};

function fromProxy(state: TraceState, mesh: Mesh): Turn {
  const { backend, tls, chain } = state;
  const { entry, host } = backend!;
  const all = targetsOf(state, mesh);
  const targets = state.isAccepted ? all.filter((one) => !rejects(state, one)) : all;
  // The stage before has found some.
  const target = targets[0]!;
  const own = tls?.state === 'originated' ? upstreamTlsOf(state, tls) : undefined;
  const isClassic = state.path === 'sidecar' || state.path === 'gateway';
  // Without resolution the connection goes where the client sends it, whichever entry takes it.
  const stray = target.address === calledName(state) ? undefined : state.stray;
  const asked = { ...state.request, host };
  const intended = isClassic && !state.stray ? intendedForEntry(mesh, entry, asked, 'sidecar') : undefined;
  const reached = step(
    'upstream',
    'yes',
    `${dialler(state)} connects to ${listOf(targets)}.`,
    placeOf(state),
    intended?.evidence,
  );
  return end(state, [reached], {
    ...outcomeOf(state, target, { own, intended, stray }),
    upstream: { ...target, protocol: chain === 'http' ? 'http' : protocolOf(state), tls: own },
    log: loggedFirst(state, 200),
  });
}

interface Reached {
  readonly own: Upstream['tls'];
  readonly intended: IntendedWaypoint | undefined;
  readonly stray: string | undefined;
}

function outcomeOf(
  state: TraceState,
  { address, port }: Target,
  { own, intended, stray }: Reached,
): Pick<Trace, 'verdict' | 'summary'> {
  const { host } = state.request;
  const through = throughText(state);
  if (stray !== undefined) return { verdict: 'undetermined', summary: stray };
  if (intended)
    return { verdict: 'bypasses', summary: `${host} is called ${through}, past the waypoint: ${intended.because}.` };
  const tls = own ? ` with TLS (${own.mode})` : '';
  return { verdict: 'allowed', summary: `${host} is reached ${through}${tls} on ${address}:${port}.` };
}

function throughText({ waypoint, gateway }: TraceState): string {
  if (waypoint) return `through waypoint ${waypoint.namespace}/${waypoint.name}`;
  return gateway
    ? `through egress gateway ${gateway.pods.namespace}/${gateway.pods.name}`
    : "from the client's sidecar";
}

function fromZtunnel(state: TraceState, mesh: Mesh): Turn {
  const { service, request, port } = state;
  const { entry, host } = service!;
  const missing = noDirectEndpoint(mesh, entry);
  if (missing === 'dynamic') return wildcardWithoutWaypoint(state);
  if (missing === 'none-before-1.28') return passthroughBefore(state);
  const targets = dialledFor(mesh, entry, host, port, { by: 'ztunnel', request });
  if (targets.length === 0) return noEndpoint(state, mesh);
  return direct(
    state,
    targets,
    intendedForEntry(mesh, entry, { ...request, host }),
    `ztunnel connects to ${listOf(targets)}`,
  );
}

function pastTheMesh(state: TraceState, mesh: Mesh): Turn {
  const { request } = state;
  const called = calledName(state);
  const target = { address: called, port: request.port };
  return direct(
    state,
    [target],
    intendedForHost(mesh, { ...request, host: called }, state.path === 'sidecar' ? 'sidecar' : 'any'),
    `The client connects to ${listOf([target])}`,
  );
}

/** To which DNS leads the client. */
function calledName({ externalName, request }: TraceState): string {
  return externalName ?? request.host;
}

/** The client connects directly: first checks whether a waypoint is intended, then whether the protocol fits the port. */
function direct(
  state: TraceState,
  targets: readonly Target[],
  intended: IntendedWaypoint | undefined,
  how: string,
): Turn {
  const { request, port } = state;
  const [first] = targets as readonly [Target, ...Target[]];
  const all = targets.map((one) => ({ one, what: protocolMismatch(request, port, one.port) }));
  const rejecting = all.flatMap(({ one, what }) => (what ? [{ one, what }] : []))[0];
  const broken = rejecting && mismatchTexts[rejecting.what](rejecting.one.port);
  const reached = step('upstream', 'yes', `${how}.`, placeOf(state), intended?.evidence);
  const failed = step('upstream', 'no', `${how}. ${broken}.`, placeOf(state), intended?.evidence);
  if (intended)
    return end(state, [rejecting ? failed : reached], {
      verdict: 'bypasses',
      summary: `${request.host} is called without ${intended.isGateway ? 'its egress gateway' : 'a waypoint'}, although ${intended.because}.`,
      upstream: plainUpstream(state, first),
    });
  const accepting = all.find(({ what }) => what === undefined)?.one;
  const reaching = accepting && reachedDirectly(state, reached, accepting);
  const failing = rejecting && failsDirectly(state, failed, rejecting);
  if (reaching && failing) return perEndpoint(state, 'ztunnel', targets, [failing, reaching]);
  return (reaching ?? failing)!;
}

function reachedDirectly(state: TraceState, reached: Step, target: Target): Turn {
  return end(state, [reached], {
    verdict: 'allowed',
    summary: `${state.request.host} is called directly; no waypoint is expected.`,
    upstream: plainUpstream(state, target),
  });
}

function failsDirectly(
  state: TraceState,
  failed: Step,
  { one, what }: { readonly one: Target; readonly what: ProtocolMismatch },
): Turn {
  return end(state, [failed], {
    verdict: 'fails',
    cause: what,
    summary: `${mismatchTexts[what](one.port)} of ${one.address}.`,
    upstream: plainUpstream(state, one),
  });
}

function plainUpstream(state: TraceState, target: Target): Upstream {
  return { ...target, protocol: protocolOf(state), tls: undefined };
}

/** ztunnel cannot resolve a wildcard. INFER: ztunnel@62d8265 src/state.rs resolve_on_demand_dns. */
function wildcardWithoutWaypoint(state: TraceState): Turn {
  const { entry, host } = state.service!;
  const place = at(entry, entry.spec.resolution?.span ?? entry.at.spec);
  return end(
    state,
    [
      step(
        'upstream',
        'no',
        `${host} can be resolved only by a waypoint, and the connection goes through none.`,
        place,
      ),
    ],
    {
      verdict: 'fails',
      cause: 'dynamic-resolution',
      summary: `${describe(entry)} is resolved dynamically, which needs a waypoint.`,
    },
  );
}

/** The address that the client dials is of the mesh, and no endpoint belongs to it. */
function passthroughBefore(state: TraceState): Turn {
  const { entry } = state.service!;
  const why = `${describe(entry)} has resolution NONE, for which ztunnel has no endpoint before Istio 1.28`;
  return end(state, [step('upstream', 'no', `${why}.`, at(entry, entry.spec.resolution?.span ?? entry.at.spec))], {
    verdict: 'fails',
    cause: 'no-endpoint',
    summary: `${why}: use Istio 1.28 or later, or resolution STATIC with endpoints.`,
  });
}

function protocolOf({ request, port, path }: TraceState): Upstream['protocol'] {
  const bytes = path === 'mesh' ? arriving(request, port) : clientBytes(request);
  return bytes === 'opaque' ? 'tcp' : bytes;
}

function placeOf({ backend, service, port }: TraceState): ReturnType<typeof at> | undefined {
  const entry = backend?.entry ?? service?.entry;
  const used = backend?.port ?? port;
  return entry && at(entry, used ? (used.targetPort?.span ?? used.number?.span ?? used.span) : entry.at.name);
}

function listOf(targets: readonly Target[]): string {
  const names = targets.map(({ address, port }) => `${address}:${port}`);
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} or ${names.length - 2} more` : names.join(' or ');
}
