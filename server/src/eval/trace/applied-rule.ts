// The DestinationRule that a sidecar or an egress gateway applies to where it sends a request, and the TLS that it originates by it.
import { joinedWith } from '../../base/and-more.ts';
import { takesCredential } from '../../mesh/clients/sidecar-scope.ts';
import { rulesAtProxy, type AppliedRule, type RuleTarget } from '../../mesh/destination-rules/proxy-rules.ts';
import { noEndpointOfSubset } from '../../mesh/hosts/subset-endpoints.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { unreadRule } from './unread-rule.ts';
import { labelsOfClient, mostFollowed, unseenLabels, type ClientLabels } from './labels-of-client.ts';
import { loggedFirst } from './logged-hops.ts';
import { tlsOriginatedBy } from './rule-tls.ts';
import {
  after,
  at,
  atName,
  end,
  fork,
  go,
  step,
  stop,
  type Entry,
  type OwnTls,
  type TraceState,
  type Turn,
} from './state.ts';
import type { Evidence, Step } from './step.ts';

/** The proxy has no such cluster, or no endpoint in it. */
export type NoCluster = 'no-destination' | 'no-endpoint';

export interface ApplyingProxy {
  readonly kind: 'sidecar' | 'gateway';
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  /** What becomes of a request to a cluster that the proxy does not have. */
  readonly withoutCluster: (current: Step, cause: NoCluster) => Turn;
}

/** Goes on with the TLS of the state's backend. */
export function applyRule(state: TraceState, mesh: Mesh, proxy: ApplyingProxy, before: readonly Step[]): Turn {
  return after(before, withFoundRule(state, mesh, proxy));
}

function withFoundRule(state: TraceState, mesh: Mesh, proxy: ApplyingProxy): Turn {
  const { host } = state.backend!;
  const candidates = proxy.kind === 'sidecar' ? labelsOfClient(state, mesh, host) : [];
  return candidates.length > 1
    ? eachLabels(state, host, candidates, (labels) => withKnownLabels(state, mesh, { ...proxy, labels }))
    : withKnownLabels(state, mesh, proxy);
}

/** Rules may be for pods with labels that the files do not show. */
export function eachLabels(
  state: TraceState,
  host: string,
  candidates: readonly ClientLabels[],
  follow: (labels: ClientLabels['labels']) => Turn,
): Turn {
  const current = unseenLabels(host, candidates);
  if (candidates.length > mostFollowed) return stop(state, current);
  return fork([current], {
    by: 'unseen',
    summary: current.message,
    ways: candidates.map(({ labels }) => follow(labels)),
  });
}

function withKnownLabels(state: TraceState, mesh: Mesh, proxy: ApplyingProxy): Turn {
  const { host, port, subset, entry } = state.backend!;
  const found = rulesAtProxy(mesh, proxy, { host, port: port.number!.value, subset, owner: entry });
  if (!found)
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `Which DestinationRule ${nameOf(proxy)} applies to ${host} is not known from the files.`,
      ),
    );
  if (found.some((one) => one.state === 'not-modelled'))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `There is a BackendTLSPolicy for ${host}; this tool does not evaluate it for ${proxy.kind === 'sidecar' ? 'sidecars' : 'egress gateways'}.`,
      ),
    );
  return eachRule(host, found, (applied) => withRule(state, mesh, { ...proxy, applied }));
}

function nameOf({ kind }: Pick<ApplyingProxy, 'kind'>): string {
  return kind === 'sidecar' ? 'the sidecar' : 'the egress gateway';
}

/** Age decides between several rules of a host. */
export function eachRule(host: string, found: readonly AppliedRule[], follow: (applied: AppliedRule) => Turn): Turn {
  const [first, ...more] = found;
  if (more.length === 0) return follow(first!);
  const rules = found.flatMap((one) => ('rule' in one && one.rule ? [one.rule] : []));
  return fork(
    [
      step(
        'destination',
        'unknown',
        `${joinedWith('and', rules, describe)} have the same host: the one created first applies.`,
        ...rules.map(atName),
      ),
    ],
    {
      by: 'age',
      summary: `Which DestinationRule applies to ${host} depends on which was created first.`,
      ways: found.map(follow),
    },
  );
}

interface Applying extends ApplyingProxy {
  readonly applied: AppliedRule;
}

function withRule(given: TraceState, mesh: Mesh, proxy: Applying): Turn {
  const { applied } = proxy;
  const { subset, entry } = given.backend!;
  switch (applied.state) {
    case 'unknown-subset':
      return proxy.withoutCluster(
        withoutSubset(mesh, { host: given.backend!.host, subset, owner: entry }, proxy.namespace, applied),
        'no-destination',
      );
    case 'policy':
      return withPolicy(given, applied);
    case 'rule': {
      const { labels } = applied;
      const lacking = labels && noEndpointOfSubset(mesh, entry, labels);
      if (lacking) return proxy.withoutCluster(withoutEndpoint(entry, applied, subset), lacking);
      return withOwnRule({ ...given, backend: { ...given.backend!, labels } }, proxy.kind, applied);
    }
    default:
      return go({ ...given, tls: plain('no-rule') }, step('destination', 'yes', 'No DestinationRule applies.'));
  }
}

function withOwnRule(
  state: TraceState,
  proxy: ApplyingProxy['kind'],
  { rule, tls: found }: Extract<AppliedRule, { state: 'rule' }>,
): Turn {
  const { tls, cause, span } = found;
  if (cause === 'istio-mutual') return withMeshTls(state, proxy, rule, at(rule, span));
  const current = step(
    'destination',
    'yes',
    `${describe(rule)} applies.`,
    at(rule, rule.spec.host?.span ?? rule.at.name),
  );
  const own = tlsOriginatedBy(proxy, { rule, tls: found });
  if (own) return go({ ...state, tls: own }, current);
  const unusable = proxy === 'sidecar' && !takesCredential(rule, tls);
  const note = unusable ? [withoutCredential(at(rule, tls!.credentialName!.span))] : [];
  const choice = { state: 'selected', rule } as const;
  return go({ ...state, tls: { ...plain(cause ?? 'no-tls'), at: { resource: rule, span }, choice } }, current, ...note);
}

/** §E.44. */
export function withoutCredential(place: Evidence): Step {
  const message = `Sidecars read credentialName only in a rule with a workloadSelector, so no TLS is originated.`;
  return step('destination', 'no', message, place);
}

/** §E.47: the sidecar sends the mesh's certificate and a server name of the mesh's own. */
function withMeshTls(state: TraceState, proxy: ApplyingProxy['kind'], rule: Resource, place: Evidence): Turn {
  if (!isExternal(state.backend!.entry)) {
    const unknown = `${describe(rule)} requests the mesh's own mTLS; it is unknown whether the server supports it.`;
    return stop(state, step('destination', 'unknown', unknown, place));
  }
  const message = `Istio's own mTLS (ISTIO_MUTUAL) is sent to ${state.backend!.host}, and no server outside the mesh accepts it.`;
  const failing = step('destination', 'no', message, place);
  // At a gateway policies have decided before its route is followed.
  return proxy === 'sidecar' ? go({ ...state, meshTls: failing }) : meshTlsFails(state, failing);
}

export function meshTlsFails(state: TraceState, failing: Step): Turn {
  return end(state, [failing], {
    verdict: 'fails',
    cause: 'mesh-mtls',
    summary: failing.message,
    log: loggedFirst(state, 503),
  });
}

function withPolicy(state: TraceState, { policy }: Extract<AppliedRule, { state: 'policy' }>): Turn {
  const own: OwnTls = {
    state: 'originated',
    mode: 'SIMPLE',
    source: { by: 'BackendTLSPolicy', policy },
    choice: { state: 'none' },
  };
  return go({ ...state, tls: own }, step('destination', 'yes', `${describe(policy)} applies.`, atName(policy)));
}

/** istio@86c9f01 pilot/pkg/networking/core/cluster.go buildOutboundClusters: a cluster for each subset of the rule that applies. */
export function withoutSubset(
  mesh: Mesh,
  target: Pick<RuleTarget, 'host' | 'subset' | 'owner'>,
  proxyNamespace: string,
  { rule }: Extract<AppliedRule, { state: 'unknown-subset' }>,
): Step {
  const { subset } = target;
  if (rule)
    return step(
      'destination',
      'no',
      `${describe(rule)} applies, and it does not define subset ${subset}.`,
      atName(rule),
    );
  const defines = ({ spec }: Resource<'DestinationRule'>) => spec.subsets.some(({ name }) => name?.value === subset);
  const unread = unreadRule(mesh, target, proxyNamespace, defines);
  const why = unread ? `: ${describe(unread.rule)} does, but ${unread.because}` : '';
  return step(
    'destination',
    'no',
    `No DestinationRule that applies defines subset ${subset}${why}.`,
    unread && unread.place,
  );
}

function withoutEndpoint(entry: Entry, applied: AppliedRule, subset: string | undefined): Step {
  const rule = 'rule' in applied ? applied.rule : undefined;
  const span = rule?.spec.subsets.find(({ name }) => name?.value === subset)?.name?.span;
  return step(
    'destination',
    'no',
    `No endpoint of ${describe(entry)} has the labels of subset ${subset}.`,
    rule && span ? at(rule, span) : undefined,
    atName(entry),
  );
}

function plain(cause: Extract<OwnTls, { state: 'plain' }>['cause']): Extract<OwnTls, { state: 'plain' }> {
  return { state: 'plain', cause, at: undefined, choice: { state: 'none' } };
}
