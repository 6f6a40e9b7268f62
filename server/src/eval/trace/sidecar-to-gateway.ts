// How a request goes from the client's sidecar to an egress gateway.
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { sentBy, sniOnHop, type SentTls } from '../../mesh/clients/gateway-hop.ts';
import { rulesAtProxy, type AppliedRule } from '../../mesh/destination-rules/proxy-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteEntry } from '../../mesh/routes/route-entry.ts';
import { describe } from '../../model/resource.ts';
import { eachRule, withoutSubset } from './applied-rule.ts';
import { clientBytes, clientSni } from './client-bytes.ts';
import { nameOfEntry, placeOfEntry } from './route-turns.ts';
import { after, at, atName, end, go, step, type GatewayArrival, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

type InCluster = Extract<ProxyDestination, { state: 'in-cluster' }>;

interface ToService {
  readonly to: InCluster;
  readonly current: Step;
  /** Of the route that leads there. */
  readonly entry: RouteEntry;
  readonly withoutCluster: (why: Step) => Turn;
}

/** To a Service of the cluster, which is an egress gateway's where a file makes it one. */
export function toService(state: TraceState, mesh: Mesh, given: ToService): Turn {
  const { to, entry } = given;
  const pods = egressGatewayOf(mesh, to.host, to.service);
  if (!pods)
    return stop(
      state,
      step(
        'route',
        'unknown',
        `${nameOfEntry(entry)} sends it to ${to.host}, a Service of the cluster; nothing in these files makes that an egress gateway.`,
        placeOfEntry(entry),
      ),
    );
  return after([given.current], toGateway(state, mesh, given, pods));
}

function toGateway(state: TraceState, mesh: Mesh, given: ToService, pods: EgressGateway): Turn {
  const { to } = given;
  const { from } = state.request;
  const found = rulesAtProxy(mesh, from, { ...to, owner: to.service });
  if (!found || found.some((one) => one.state === 'not-modelled'))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `Which DestinationRule the sidecar applies to ${to.host} is not known from the files.`,
      ),
    );
  return eachRule(to.host, found, (applied) => arrive(state, given, pods, applied));
}

function arrive(
  state: TraceState,
  { to, entry, withoutCluster }: ToService,
  pods: EgressGateway,
  applied: AppliedRule,
): Turn {
  if (applied.state === 'unknown-subset') return withoutCluster(withoutSubset(to.subset, applied));
  const tls = sentBy(applied);
  if (tls.mode !== 'none' && tls.mode !== 'ISTIO_MUTUAL')
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `The sidecar uses TLS of its own to the egress gateway, which this tool does not follow.`,
        tls.mode === 'unknown' ? undefined : atName(tls.rule),
      ),
    );
  const own = clientBytes(state.request) === 'tls' ? clientSni(state.request) : undefined;
  const sni = tls.mode === 'ISTIO_MUTUAL' ? sniOnHop(to, tls.tls) : own;
  const gateway: GatewayArrival = {
    pods,
    servicePort: to.port,
    cluster: to.cluster,
    sent: { mode: tls.mode, sni },
    because: placeOfEntry(entry),
  };
  return go({ ...state, path: 'gateway', gateway }, sentStep(state, tls, sni));
}

function sentStep(
  state: TraceState,
  tls: Extract<SentTls, { mode: 'none' | 'ISTIO_MUTUAL' }>,
  sni: string | undefined,
): Step {
  if (tls.mode === 'ISTIO_MUTUAL')
    return step(
      'destination',
      'yes',
      `${describe(tls.rule)} applies: the sidecar sends mTLS with server name ${sni} to the egress gateway.`,
      at(tls.rule, tls.tls.span),
    );
  const how = clientBytes(state.request) === 'tls' ? "the client's own TLS" : 'plaintext';
  return step(
    'destination',
    'yes',
    `${tls.rule ? `${describe(tls.rule)} applies` : 'No DestinationRule applies'}: the sidecar sends ${how} to the egress gateway.`,
    tls.rule && atName(tls.rule),
  );
}

function stop(state: TraceState, current: Step): Turn {
  return end(state, [current], { verdict: 'undetermined', summary: current.message });
}
