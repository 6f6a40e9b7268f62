import { joinedWith } from '../../../base/and-more.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { protocolKind } from '../../../names/protocols.ts';
import { dialledAddresses } from '../../../mesh/hosts/virtual-address.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { Connection } from '../../authz/connection.ts';
import { evaluate, knownProviders } from '../../authz/evaluate.ts';
import { policiesAtPods, type GatewayPolicies } from '../../authz/gateway-policies.ts';
import { areAllPoliciesKnown, policiesAt } from '../../authz/attached-policies.ts';
import type { Verdict } from '../../authz/verdict.ts';
import { whyNot } from '../../authz/why-not.ts';
import { authorityOf, clientSni } from '../client-bytes.ts';
import { loggedBy } from '../egress-gateway-route.ts';
import { writtenOfEnded } from '../ended-at-gateway.ts';
import { clustersOfTurn } from '../route-turns.ts';
import { nameSeenAtGateway } from '../logged-hops.ts';
import { at, atName, end, fork, go, step, type Ending, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Evidence, Step, Trace } from '../step.ts';
import { route } from './route.ts';

/** Whether the policies at the waypoint or at the egress gateway let the request through. */
export const authorization: Stage = (state, mesh) => {
  const enforced = enforcedOn(state, mesh);
  if (!enforced) return go(state);
  const verdict = evaluate(enforced.policies, connectionOf(state, mesh), { providers: knownProviders(mesh) });
  if (verdict.because.by !== 'deny-rule' && !enforced.areAllKnown)
    return undecidedBy(state, mesh, verdict, notAllKnown);
  if (verdict.because.by !== 'deny-rule' && enforced.possible.length > 0)
    return undecidedBy(
      state,
      mesh,
      verdict,
      `Whether ${joinedWith('and', enforced.possible, describe)} selects the pods of the ${placeNames[state.path]} is not known from the files.`,
    );
  switch (verdict.decision) {
    case 'allow':
      return go(state, judged('yes', allowed(verdict, state), verdict));
    case 'deny':
      return denied(state, mesh, judged('no', refusal(verdict), verdict), verdict);
    case 'unknown':
      return undecidedBy(state, mesh, verdict, undecided(verdict, mesh));
  }
};

function enforcedOn(state: TraceState, mesh: Mesh): GatewayPolicies | undefined {
  const { service, waypoint, chain, gateway, path, workloads } = state;
  const { from } = state.request;
  const hasAllLabels = workloads.length > 0 || from.labels.size > 0;
  if (gateway?.taken) return policiesAtPods(mesh, gateway.pods);
  if (path === 'sidecar')
    return isDynamicTls(state)
      ? policiesAtPods(mesh, { ...from, hasAllLabels }, [service!.entry.namespace])
      : undefined;
  if (!service || !waypoint || !chain) return undefined;
  return {
    policies: policiesAt(mesh, waypoint, service.entry),
    possible: [],
    areAllKnown: areAllPoliciesKnown(mesh, waypoint, service.entry),
  };
}

/**
 * Policies that select the pod are at the chain of a wildcard that a sidecar resolves as it is called, those of the entry's
 * namespace too: meant for what comes in, they judge what goes out, and know no client. server/docs/istio-semantics-classic.md §H.4.
 */
function isDynamicTls({ service, port }: TraceState): boolean {
  return (
    service?.entry.spec.resolution?.value === 'DYNAMIC_DNS' &&
    service.host.startsWith('*') &&
    protocolKind(port?.protocol?.value) === 'tls'
  );
}

const notAllKnown = 'Some files could not be read or rendered, and they may hold more policies.';

function undecidedBy(state: TraceState, mesh: Mesh, verdict: Verdict, message: string): Turn {
  return fork([judged('unknown', message, verdict)], {
    by: 'unseen',
    summary: message,
    ways: [
      go(state, step('authorization', 'yes', 'If it is allowed:')),
      denied(state, mesh, step('authorization', 'no', refusal(verdict), ...evidenceOf(verdict)), verdict),
    ],
  });
}

function connectionOf(state: TraceState, mesh: Mesh): Connection {
  const { request, service, chain, port, gateway } = state;
  const { from, method, path, headers } = request;
  const inspected = port !== undefined && protocolKind(port.protocol?.value) === 'tls';
  const source = {
    namespace: from.namespace,
    serviceAccount: from.serviceAccount,
    trustDomain: mesh.settings.trustDomain,
    ip: undefined,
  };
  const http = chain === 'http' ? { method, authority: authorityOf(request), path, headers } : undefined;
  if (gateway?.taken)
    return {
      source: { ...source, isAnonymous: !gateway.taken.by.hasIdentity },
      destination: { host: request.host, port: gateway.taken.port, addresses: [] },
      chain: chain!,
      http,
      sni: nameSeenAtGateway(gateway),
    };
  return {
    source: state.path === 'sidecar' ? { ...source, isAnonymous: true } : source,
    destination: {
      host: service!.host,
      port: request.port,
      addresses: dialledAddresses(mesh, service!.entry, service!.host),
    },
    chain: chain!,
    http,
    sni: inspected ? clientSni(request) : undefined,
  };
}

function denied(state: TraceState, mesh: Mesh, told: Step, verdict: Verdict): Turn {
  const ending = { verdict: 'denied', summary: told.message, denial: denialOf(verdict) } as const;
  const [first, ...more] = loggedOfDenied(state, mesh);
  if (more.length === 0) return end(state, [told], { ...ending, ...first });
  // Denied whichever it is.
  const ways = [first, ...more].map((logged) => end(state, [], { ...ending, ...logged }));
  return fork([told], { by: 'share', summary: told.message, ways });
}

/** Undefined where that is not known. */
function denialOf({ because }: Verdict): Trace['denial'] {
  if (because.by === 'deny-rule' || because.by === 'custom') return 'rule';
  return because.by === 'implicit-deny' ? 'implicit' : undefined;
}

/** What can stand in the log: the route is looked up before policies decide, and there may be none, or several destinations. */
function loggedOfDenied(state: TraceState, mesh: Mesh): readonly Pick<Ending, 'log' | 'lastCluster' | 'lastFlags'>[] {
  const { gateway, chain, path, backend } = state;
  const status = chain === 'http' ? 403 : undefined;
  if (gateway) return writtenOfEnded(state, mesh).map((one) => ({ log: loggedBy(state, gateway, status), ...one }));
  const clusters = path === 'sidecar' ? [backend?.cluster ?? '-'] : clustersOfTurn(route(state, mesh));
  return clusters.map((upstreamCluster) => ({ log: { upstreamCluster, status } }));
}

/** The step with, for each rule that does not match, why. */
function judged(outcome: Step['outcome'], message: string, verdict: Verdict): Step {
  const details = whyNot(verdict);
  const told = step('authorization', outcome, message, ...evidenceOf(verdict));
  return details.length > 0 ? { ...told, details } : told;
}

const placeNames = { mesh: 'waypoint', outside: 'waypoint', sidecar: 'sidecar', gateway: 'egress gateway' } as const;

function allowed({ because }: Verdict, { path }: TraceState): string {
  if (because.by === 'allow-rule') return `${describe(because.policy)} allows it by rule ${because.rule + 1}.`;
  return `No policy at the ${placeNames[path]} denies it.`;
}

function refusal({ because }: Verdict): string {
  switch (because.by) {
    case 'deny-rule':
      return `${describe(because.policy)} denies it by rule ${because.rule + 1}.`;
    case 'implicit-deny':
      return `No rule of ${joinedWith(',', because.policies, describe)} matches: requests that no ALLOW policy allows are denied.`;
    case 'custom':
      return `The external authorizer of ${describe(because.policy)} denies it.`;
    default:
      return 'The policies deny it.';
  }
}

function undecided({ because }: Verdict, mesh: Mesh): string {
  if (because.by === 'custom' && knownProviders(mesh) === undefined)
    return `${describe(because.policy)} asks provider ${because.policy.spec.provider?.value ?? ''}, which is not in these files: its authorizer decides, or every request that the policy matches is denied.`;
  if (because.by === 'custom') return `${describe(because.policy)} leaves the decision to an external authorizer.`;
  const names = because.by === 'unknown' ? joinedWith(',', because.policies, describe) : 'a policy';
  return `Whether ${names} matches depends on what these files do not show.`;
}

/** The rule that decides, or each policy that does not match. */
function evidenceOf({ because }: Verdict): readonly Evidence[] {
  if (because.by === 'no-policy') return [];
  if (because.by === 'allow-rule' || because.by === 'deny-rule') return [ruleOf(because.policy, because.rule)];
  return (because.by === 'custom' ? [because.policy] : because.policies).map((policy) => atName(policy));
}

function ruleOf(policy: Resource<'AuthorizationPolicy'>, index: number): Evidence {
  const rule = policy.spec.rules?.[index];
  return rule ? at(policy, rule.span) : atName(policy);
}
