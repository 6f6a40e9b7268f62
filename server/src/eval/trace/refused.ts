// An object that the API server rejects is not in the mesh. A trace reports it if it would matter. If an earlier version of the object
// is probably in force and would change the result, the result is undetermined.
import { joinedWith } from '../../base/and-more.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { endsAlike, join } from './join.ts';
import { at, step } from './state.ts';
import { stages, type Step, type Trace, type TraceStage } from './step.ts';

/** Up to this many objects with a probable earlier version are tried one by one. */
const mostTried = 4;

/** `follow` gives the trace in one mesh. */
export function traceInForce(mesh: Mesh, follow: (mesh: Mesh) => Trace): Trace {
  const { countingRefused } = mesh;
  if (!countingRefused) return follow(mesh);
  const met = new Set<Resource>();
  const meet = (counts: boolean) => (resource: Resource) => {
    met.add(resource);
    return counts;
  };
  const without = follow(countingRefused(meet(false)));
  const written = follow(countingRefused(meet(true)));
  if (met.size === 0) return without;
  const found = relevant([...met], without, written);
  const refusalSteps = found.map(stepOf);
  const inForce = withSteps(asBypass(without, waypointOf(written), found), refusalSteps);
  const earlier = [...met].filter(({ refused }) => refused?.hasEarlierVersion);
  const sets = [...earlier.slice(0, mostTried).map((one) => [one]), ...(earlier.length > 1 ? [earlier] : [])];
  const others = sets
    .map((counted) => withSteps(follow(countingRefused((one) => counted.includes(one))), refusalSteps))
    .filter((other) => !endsAlike(other, inForce));
  if (others.length === 0) return inForce;
  return join(
    {
      by: 'unseen',
      summary: `What becomes of the request depends on whether an earlier version of ${joinedWith(',', earlier, describe)}, which is refused as it is now, is in force.`,
    },
    [inForce, ...others],
    refusalSteps,
  );
}

/** The objects that would affect the request if they were in force; if no step names one, all that the trace looked up. */
function relevant(met: readonly Resource[], without: Trace, written: Trace): readonly Resource[] {
  const named = new Set(evidenceOf(written));
  const found = met.filter((resource) => named.has(resource));
  return found.length > 0 || endsAlike(without, written) ? found : met;
}

function evidenceOf({ steps, candidates }: Trace): readonly Resource[] {
  return [
    ...steps.flatMap(({ evidence }) => evidence.map(({ resource }) => resource)),
    ...candidates.flatMap(evidenceOf),
  ];
}

function waypointOf({ waypoint, candidates }: Trace): Trace['waypoint'] {
  return waypoint ?? candidates.find((one) => one.waypoint)?.waypoint;
}

/** Only the rejected objects show that the host is intended to use a waypoint. */
function asBypass(trace: Trace, intended: Trace['waypoint'], refused: readonly Resource[]): Trace {
  if (!intended) return trace;
  const candidates = trace.candidates.map((one) => asBypass(one, intended, refused));
  if (trace.verdict !== 'allowed' || trace.waypoint) return { ...trace, candidates };
  return {
    ...trace,
    candidates,
    verdict: 'bypasses',
    summary: `The host is dialled without waypoint ${intended.namespace}/${intended.name}, as ${joinedWith(',', refused, describe)} is refused.`,
  };
}

function stepOf(resource: Resource): Step {
  const { reason, at: place } = resource.refused!;
  return step(
    stageOf[resource.kind] ?? 'service',
    'no',
    `${describe(resource)} is refused (${reason}), so it does not count; an earlier version may still be in force.`,
    at(resource, place),
  );
}

const stageOf: Partial<Record<Kind, TraceStage>> = {
  Namespace: 'capture',
  Workload: 'capture',
  Sidecar: 'capture',
  Gateway: 'waypoint',
  GatewayClass: 'waypoint',
  ProxyExtension: 'waypoint',
  AuthorizationPolicy: 'authorization',
  HTTPRoute: 'route',
  GRPCRoute: 'route',
  TLSRoute: 'route',
  TCPRoute: 'route',
  VirtualService: 'route',
  DestinationRule: 'destination',
  BackendTLSPolicy: 'tls',
  Secret: 'tls',
};

/** Inserts each step at its stage, before the other steps of the stage; stages that the trace does not reach come last. */
function withSteps(trace: Trace, refusalSteps: readonly Step[]): Trace {
  const steps = refusalSteps.reduce<readonly Step[]>((before, one) => {
    const order = stages.indexOf(one.stage);
    const found = before.findIndex(({ stage }) => stages.indexOf(stage) >= order);
    const index = found < 0 ? before.length : found;
    return [...before.slice(0, index), one, ...before.slice(index)];
  }, trace.steps);
  return { ...trace, steps };
}
