// Connections of a pod that its own sidecar does not take: they leave as the application makes them.
import type { KnownDataPlane, Workload } from '../../mesh/clients/data-plane.ts';
import { beforeSidecar } from '../../mesh/clients/init-containers.ts';
import { redirectionOf, type Redirection } from '../../mesh/clients/redirection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { joinedWith } from '../../base/and-more.ts';
import { describe } from '../../model/resource.ts';
import { assumedStep, at, fork, go, step, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

/** `message`: why the pod has a sidecar. */
export function throughSidecar(state: TraceState, mesh: Mesh, message: string, client: KnownDataPlane): Turn {
  const { request, workloads } = state;
  const found = redirectionOf(mesh, workloads[0], request);
  const taken = go({ ...state, path: 'sidecar' }, step('capture', 'yes', message, client.at));
  if (found.state === 'taken') {
    const assumed = found.by ? [assumption(state, found.by, 'takes')] : [];
    return { ...taken, steps: [...taken.steps, ...assumed, ...earlier(workloads[0])] };
  }
  const leftOut = (current: Step) => go({ ...state, path: 'outside' }, current);
  if (found.state === 'left-out') return leftOut(leftOutStep(state, found));
  const { by } = found;
  const summary = `Whether the sidecar takes the connection depends on the address of ${request.host}: ${by.name} is ${by.value}.`;
  return fork([step('capture', 'unknown', summary, placeOf(by))], {
    by: 'unseen',
    summary,
    ways: [
      taken,
      leftOut(step('capture', 'no', 'If the sidecar does not take it, the connection goes direct.', placeOf(by))),
    ],
  });
}

/** The request may be one of an init container. */
function earlier(pod: Workload | undefined): readonly Step[] {
  const found = pod && beforeSidecar(pod);
  if (!found) return [];
  const { containers, isSure } = found;
  const names = joinedWith('and', containers, ({ value }) => value);
  const end = 'they go direct, past every egress gateway, or fail where istio-cni is installed.';
  const message = isSure
    ? `Connections of init container ${names} come before the sidecar: ${end}`
    : `Connections of init container ${names} are taken only if the sidecar is a native one. Before another sidecar ${end}`;
  return [{ ...assumedStep('capture', isSure ? 'no' : 'unknown', message, at(pod, containers[0].span)), skips: true }];
}

type LeftOut = Extract<Redirection, { state: 'left-out' }>;
type Setting = NonNullable<LeftOut['by']>;

function leftOutStep(state: TraceState, found: LeftOut): Step {
  const { request, workloads } = state;
  const [pod] = workloads;
  const end = 'The connection goes direct, past the sidecar and every egress gateway.';
  if (found.because === 'proxy-user') {
    const place = pod?.spec.proxyUser && at(pod, pod.spec.proxyUser);
    return step(
      'capture',
      'no',
      `${pod ? describe(pod) : 'The pod'} runs as user or group 1337, whose connections the sidecar does not take. ${end}`,
      place,
    );
  }
  const { by } = found;
  if (found.isAssumed) return assumption(state, by, 'does not take');
  if (found.because === 'no-interception')
    return step('capture', 'no', `${by.name} is NONE, so that no connection goes to the sidecar. ${end}`, placeOf(by));
  const what = found.because === 'port' ? `port ${request.port}` : request.host;
  const why = found.because === 'range-not-included' ? `does not include ${what}` : `leaves out ${what}`;
  return step('capture', 'no', `${by.name} (${by.value || 'empty'}) ${why}. ${end}`, placeOf(by));
}

function assumption({ request }: TraceState, by: Setting, what: 'takes' | 'does not take'): Step {
  return assumedStep(
    'capture',
    what === 'takes' ? 'yes' : 'no',
    `The sidecar ${what} the connection: ${by.name} is ${by.value}, and ${request.host} is assumed to have a public address.`,
    placeOf(by),
  );
}

function placeOf({ at: place }: Setting): ReturnType<typeof at> | undefined {
  return place && at(place.resource, place.span);
}
