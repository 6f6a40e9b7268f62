// The DestinationRule that a sidecar or a gateway applies to a destination, and its TLS on the port, subsets included.
// server/docs/istio-semantics-classic.md §E.30 to §E.37.
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { tlsOfRule, tlsOfSubset, type RuleTls } from './client-tls.ts';
import type { Merged } from './merge-rules.ts';
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
  | { readonly state: 'rule'; readonly rule: Rule; readonly tls: RuleTls }
  | { readonly state: 'none' }
  /** The route's subset is in no rule that applies: there is no such cluster. */
  | { readonly state: 'unknown-subset'; readonly rule: Rule | undefined }
  /** A BackendTLSPolicy has its part in it. */
  | { readonly state: 'not-modelled' };

/** One, or several of which age chooses; undefined if a rule that decides may be in no file. */
export function rulesAtProxy(mesh: Mesh, proxy: RuleProxy, target: RuleTarget): readonly AppliedRule[] | undefined {
  const lookup = target.owner
    ? lookUpRulesForSidecar(mesh, target.host, proxy, [target.owner])
    : lookUpRulesOfService(mesh, normalizeHost(target.host), target.host.split('.')[1] ?? '', proxy);
  if (lookup.state === 'unknown') return undefined;
  if (lookup.state !== 'found') return [target.subset === undefined ? { state: 'none' } : missing];
  const found = lookup.found.map((merged) => applied(merged, target));
  return found.filter((one, i) => found.findIndex((other) => isSame(one, other)) === i);
}

const missing: AppliedRule = { state: 'unknown-subset', rule: undefined };

function applied({ rule: first, policies, subsets }: Merged, { port, subset }: RuleTarget): AppliedRule {
  const rule = subset === undefined ? first : subsets.get(subset);
  if (subset !== undefined && !rule) return { state: 'unknown-subset', rule: first };
  if (!rule || policies.length > 0) return { state: 'not-modelled' };
  const own = subset === undefined ? undefined : tlsOfSubset(rule, subset, port);
  if (own) return { state: 'rule', rule, tls: own };
  return first ? { state: 'rule', rule: first, tls: tlsOfRule(first, port) } : { state: 'none' };
}

function isSame(a: AppliedRule, b: AppliedRule): boolean {
  return a.state === b.state && ('rule' in a ? a.rule : undefined) === ('rule' in b ? b.rule : undefined);
}
