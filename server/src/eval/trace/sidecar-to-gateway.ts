// How a request goes from the client's sidecar to an egress gateway.
import { joinedWith } from '../../base/and-more.ts';
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { gatewayElsewhere } from '../../mesh/clients/gateway-elsewhere.ts';
import { takesCredential } from '../../mesh/clients/sidecar-scope.ts';
import { gatewaySubset } from '../../mesh/clients/gateway-subset.ts';
import { refusedAccount, type RefusedAccount } from '../../mesh/clients/refused-account.ts';
import { sentBy, sniOnHop, type SentTls } from '../../mesh/clients/gateway-hop.ts';
import { rulesAtProxy, type AppliedRule } from '../../mesh/destination-rules/proxy-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteEntry, RouteTarget } from '../../mesh/routes/route-entry.ts';
import { describe } from '../../model/resource.ts';
import { eachLabels, eachRule, withoutCredential, withoutSubset, type NoCluster } from './applied-rule.ts';
import { clientBytes, clientSni } from './client-bytes.ts';
import { labelsOfClient } from './labels-of-client.ts';
import { nameOfEntry, placeOfEntry } from './route-turns.ts';
import {
  after,
  assumedStep,
  at,
  atName,
  fork,
  go,
  step,
  stop,
  type GatewayArrival,
  type TraceState,
  type Turn,
} from './state.ts';
import type { Evidence, Step } from './step.ts';

type InCluster = Extract<ProxyDestination, { state: 'in-cluster' }>;

interface ToService {
  readonly to: InCluster;
  readonly current: Step;
  /** Of the route that leads there. */
  readonly entry: RouteEntry;
  readonly target: RouteTarget;
  /** The sidecar has no such cluster, or no endpoint in it. */
  readonly withoutCluster: (why: Step, cause?: NoCluster) => Turn;
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
  const through = after([given.current], toGateway(state, mesh, given, pods));
  const elsewhere = to.service ? undefined : elsewhereOf(mesh, given);
  if (!elsewhere) return through;
  const failing = given.withoutCluster(elsewhere);
  // A name in full is more often right than one that Istio completes.
  return given.target.isShort
    ? failing
    : fork([], { by: 'unseen', summary: elsewhere.message, ways: [failing, through] });
}

/** Why the sidecar probably has no connection there; undefined where the files do not show another gateway. */
function elsewhereOf(mesh: Mesh, { to, entry, target }: ToService): Step | undefined {
  const { resource: route } = entry;
  if (route.kind !== 'VirtualService') return undefined;
  const found = gatewayElsewhere(mesh, { host: to.host, isShort: target.isShort === true, by: route });
  if (!found) return undefined;
  const names = joinedWith('and', found.found, describe);
  const one = found.found.length === 1;
  const why =
    found.by === 'service'
      ? `in these files ${names} ${one ? 'has' : 'have'} that name, in another namespace`
      : `the name has no namespace, so Istio takes ${to.host.split('.')[1]}, and ${names}, which the route names, ${one ? 'is' : 'are'} in another`;
  return assumedStep(
    'route',
    'no',
    `${nameOfEntry(entry)} sends it to ${to.host}:${to.port}, to which the sidecar has no connection unless the cluster has that Service: ${why}.`,
    placeOfEntry(entry),
    ...found.found.map(atName),
  );
}

function toGateway(state: TraceState, mesh: Mesh, given: ToService, pods: EgressGateway): Turn {
  const { host } = given.to;
  const candidates = labelsOfClient(state, mesh, host);
  const follow = (labels: ReadonlyMap<string, string>) => withLabels(state, mesh, { ...given, pods, labels });
  return candidates.length > 1 ? eachLabels(state, host, candidates, follow) : follow(state.request.from.labels);
}

type ToGateway = ToService & { readonly pods: EgressGateway };

function withLabels(
  state: TraceState,
  mesh: Mesh,
  given: ToGateway & { readonly labels: ReadonlyMap<string, string> },
): Turn {
  const { to, labels } = given;
  const found = rulesAtProxy(mesh, { ...state.request.from, labels }, { ...to, owner: to.service });
  if (!found || found.some((one) => one.state === 'not-modelled'))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `Which DestinationRule the sidecar applies to ${to.host} is not known from the files.`,
      ),
    );
  return eachRule(to.host, found, (applied) => arrive(state, mesh, given, applied));
}

function arrive(
  state: TraceState,
  mesh: Mesh,
  { to, entry, pods, withoutCluster }: ToGateway,
  applied: AppliedRule,
): Turn {
  if (applied.state === 'unknown-subset')
    return withoutCluster(withoutSubset(mesh, { ...to, owner: to.service }, state.request.from.namespace, applied));
  const ofSubset = subsetStep(mesh, to, pods, applied);
  if (ofSubset.isEmpty) return withoutCluster(ofSubset.step, 'no-endpoint');
  const wanted = sentBy(applied);
  const unread = unreadCredential(wanted);
  const tls: SentTls = unread ? { mode: 'none', rule: unread.rule } : wanted;
  if (tls.mode === 'unknown' || namesCredential(tls))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `The sidecar uses TLS of its own to the egress gateway, which this tool does not follow.`,
        'rule' in tls && tls.rule ? atName(tls.rule) : undefined,
      ),
    );
  const sni = sniOf(state, to, tls);
  const gateway: GatewayArrival = {
    pods,
    servicePort: to.port,
    cluster: to.cluster,
    sent: {
      mode: tls.mode,
      sni,
      refusing: refusing(mesh, to, tls),
      by: tls.mode === 'none' ? undefined : at(tls.rule, tls.tls.span),
    },
    because: placeOfEntry(entry),
  };
  const sent = sentStep(state, tls, sni);
  const before = [...(ofSubset.step ? [ofSubset.step] : []), ...(unread ? [withoutCredential(unread.place)] : [])];
  return go({ ...state, path: 'gateway', gateway }, ...before, sent);
}

type SubsetStep = { readonly isEmpty: true; readonly step: Step } | { readonly isEmpty: false; readonly step?: Step };

/** Only pods with the labels of the route's subset get what it sends. */
function subsetStep(mesh: Mesh, { subset }: InCluster, pods: EgressGateway, applied: AppliedRule): SubsetStep {
  if (applied.state !== 'rule' || subset === undefined) return { isEmpty: false };
  const { rule, labels = new Map() } = applied;
  const { state } = gatewaySubset(mesh, pods, labels);
  if (state === 'some') return { isEmpty: false };
  const name = rule.spec.subsets.find((one) => one.name?.value === subset)?.name;
  const place = name ? at(rule, name.span) : atName(rule);
  const gateway = `egress gateway ${pods.namespace}/${pods.name}`;
  if (state === 'none')
    return {
      isEmpty: true,
      step: step('destination', 'no', `No pod of ${gateway} has the labels of subset ${subset}.`, place),
    };
  return {
    isEmpty: false,
    step: assumedStep(
      'destination',
      'yes',
      `A pod of ${gateway} is assumed to have the labels of subset ${subset}.`,
      place,
    ),
  };
}

type Known = Exclude<SentTls, { mode: 'unknown' }>;

/** Whether there is such a Secret, and the pod may read it, is not asked here. §E.44. */
function namesCredential(tls: Known): boolean {
  const { value } = (hasOwnTls(tls) && tls.tls.tls?.credentialName) || {};
  return value !== undefined && !value.startsWith('configmap://');
}

/** A credential that sidecars do not read: they send plaintext then. §E.44. */
function unreadCredential(tls: SentTls): Unread | undefined {
  if (tls.mode === 'unknown' || !hasOwnTls(tls) || takesCredential(tls.rule, tls.tls.tls)) return undefined;
  return { rule: tls.rule, place: at(tls.rule, tls.tls.tls!.credentialName!.span) };
}

interface Unread {
  readonly rule: OwnTls['rule'];
  readonly place: Evidence;
}

type OwnTls = Extract<SentTls, { mode: 'SIMPLE' | 'MUTUAL' }>;

function hasOwnTls(tls: Known): tls is OwnTls {
  return tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL';
}

/** Without one in the rule, TLS for requests has their host as server name, and for bytes none. §E.41. */
function sniOf({ request }: TraceState, to: InCluster, tls: Known): string | undefined {
  const bytes = clientBytes(request);
  if (tls.mode === 'ISTIO_MUTUAL') return sniOnHop(to, tls.tls);
  if (tls.mode === 'none') return bytes === 'tls' ? clientSni(request) : undefined;
  return tls.tls.tls?.sni?.value || (bytes === 'http' ? request.host : undefined);
}

/** SIMPLE and MUTUAL may meet a certificate of another kind, which no file shows. */
function refusing(mesh: Mesh, to: InCluster, tls: Known): RefusedAccount | undefined {
  return tls.mode === 'ISTIO_MUTUAL' ? refusedAccount(mesh, to.host, tls.tls.tls) : undefined;
}

function sentStep(state: TraceState, tls: Known, sni: string | undefined): Step {
  if (tls.mode !== 'none')
    return step(
      'destination',
      'yes',
      `${describe(tls.rule)} applies: the sidecar sends ${tls.mode === 'ISTIO_MUTUAL' ? 'mTLS' : `TLS (${tls.mode})`} with ${sni === undefined ? 'no server name' : `server name ${sni}`} to the egress gateway.`,
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
