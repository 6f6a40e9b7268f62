// The DestinationRule that a sidecar or a gateway applies to a destination, and its TLS on the port, subsets included.
// server/docs/istio-semantics-classic.md §E.30 to §E.37.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { tlsOfRule, tlsOfSubset, type RuleTls } from './client-tls.ts';
import { portOf } from '../routes/chain-of-port.ts';
import { since } from '../settings.ts';
import type { Merged } from './merge-rules.ts';
import { leavesTlsOpen, policyFor } from './policy-for-port.ts';
import { lookUpRulesForSidecar, lookUpRulesOfService } from './rule-lookup.ts';

type Rule = Resource<'DestinationRule'>;

export interface RuleProxy {
  readonly namespace: string;
  /** Of the proxy's pod. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface RuleTarget {
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
  /** Undefined if no file has the Service: its namespace is in its name. */
  readonly owner: Resource<'ServiceEntry'> | Resource<'Service'> | undefined;
}

export type AppliedRule =
  | {
      readonly state: 'rule';
      readonly rule: Rule;
      readonly tls: RuleTls;
      /** What the route's subset asks of endpoints. */
      readonly labels?: ReadonlyMap<string, string>;
    }
  /** No rule says which TLS the port has, and a policy does. */
  | { readonly state: 'policy'; readonly policy: Resource<'BackendTLSPolicy'> }
  | { readonly state: 'none' }
  /** The route's subset is in no rule that applies: there is no such cluster. */
  | { readonly state: 'unknown-subset'; readonly rule: Rule | undefined }
  /** A BackendTLSPolicy has its part in it, in a way that is not known. */
  | { readonly state: 'not-modelled' };

/** One, or several of which age chooses; undefined if a rule that decides may be in no file. */
export function rulesAtProxy(mesh: Mesh, proxy: RuleProxy, target: RuleTarget): readonly AppliedRule[] | undefined {
  const lookup = target.owner
    ? lookUpRulesForSidecar(mesh, target.host, proxy, [target.owner])
    : lookUpRulesOfService(mesh, normalizeHost(target.host), target.host.split('.')[1] ?? '', proxy);
  if (lookup.state === 'unknown') return undefined;
  if (lookup.state !== 'found') return [target.subset === undefined ? { state: 'none' } : missing];
  return firstOfEach(
    lookup.found.map((merged) => applied(mesh, merged, target)),
    (one) => `${one.state} ${sourceOf(one)?.id ?? ''}`,
  );
}

const missing: AppliedRule = { state: 'unknown-subset', rule: undefined };

function applied(mesh: Mesh, merged: Merged, target: RuleTarget): AppliedRule {
  const { rule: first, policies, subsets } = merged;
  const { port, subset } = target;
  const rule = subset === undefined ? first : subsets.get(subset);
  if (subset !== undefined && !rule) return { state: 'unknown-subset', rule: first };
  if (policies.length > 0) return withPolicies(mesh, merged, target);
  if (!rule) return { state: 'not-modelled' };
  const own = subset === undefined ? undefined : tlsOfSubset(rule, subset, port);
  const labels = rule.spec.subsets.find(({ name }) => name?.value === subset)?.labels ?? new Map<string, string>();
  if (own) return { state: 'rule', rule, tls: own, labels };
  return first ? { state: 'rule', rule: first, tls: tlsOfRule(first, port), labels } : { state: 'none' };
}

/** Policies fill what the rule leaves open; before 1.31 one of the two was lost. §E.36. */
function withPolicies(mesh: Mesh, { rule, policies }: Merged, { owner, port, subset }: RuleTarget): AppliedRule {
  const listed = owner?.kind === 'ServiceEntry' ? portOf(owner, port) : undefined;
  const found = listed && policyFor(listed, policies);
  const isKnown =
    listed !== undefined && found !== 'several' && subset === undefined && !nameOtherPorts(policies, owner);
  if (!isKnown || (rule && !since(mesh.settings, '1.31'))) return { state: 'not-modelled' };
  if (found && (!rule || leavesTlsOpen(rule, port, found.portLevel))) return { state: 'policy', policy: found.policy };
  return rule ? { state: 'rule', rule, tls: tlsOfRule(rule, port) } : { state: 'none' };
}

/** A name of a port is that of the service that the policy targets, which may number it otherwise. */
function nameOtherPorts(policies: Merged['policies'], owner: RuleTarget['owner']): boolean {
  return policies.some(({ namespace, spec }) =>
    spec.targetRefs.some(
      ({ sectionName, name }) => sectionName?.value && (namespace !== owner?.namespace || name?.value !== owner.name),
    ),
  );
}

function sourceOf(one: AppliedRule): Resource | undefined {
  if (one.state === 'policy') return one.policy;
  return 'rule' in one ? one.rule : undefined;
}
