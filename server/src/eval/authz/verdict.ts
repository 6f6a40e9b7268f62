// Why a connection is allowed or denied: a tree of policy, rule, clause and match, each with the place that decides it.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';

/** `unknown` where what decides is not given: an address, a header, a token. */
export type Outcome = 'yes' | 'no' | 'unknown';
export type Action = 'CUSTOM' | 'AUDIT' | 'DENY' | 'ALLOW';

export interface Verdict {
  readonly decision: 'allow' | 'deny' | 'unknown';
  readonly because: /** No policy is attached that could deny. */
    | { readonly by: 'no-policy' }
    | { readonly by: 'allow-rule'; readonly policy: Resource<'AuthorizationPolicy'>; readonly rule: number }
    | { readonly by: 'deny-rule'; readonly policy: Resource<'AuthorizationPolicy'>; readonly rule: number }
    /** ALLOW policies are attached and none matches; all of them. */
    | { readonly by: 'implicit-deny'; readonly policies: readonly Resource<'AuthorizationPolicy'>[] }
    /** An external authorizer decides, which no file shows. */
    | { readonly by: 'custom'; readonly policy: Resource<'AuthorizationPolicy'> }
    /** These matches could not be decided. */
    | { readonly by: 'unknown'; readonly policies: readonly Resource<'AuthorizationPolicy'>[] };
  /** Every attached policy, in the order of judgement: CUSTOM, AUDIT, DENY, ALLOW. */
  readonly policies: readonly PolicyVerdict[];
}

export interface PolicyVerdict {
  readonly policy: Resource<'AuthorizationPolicy'>;
  readonly action: Action;
  /** Evaluated for the log only. */
  readonly dryRun: boolean;
  readonly outcome: Outcome;
  readonly rules: readonly RuleVerdict[];
}

export interface RuleVerdict {
  readonly index: number;
  readonly span: Span;
  readonly outcome: Outcome;
  readonly clauses: readonly ClauseVerdict[];
  /** Why Istio judges the rule otherwise than it is written: HTTP conditions on a TCP chain. */
  readonly rewritten: 'never-matches' | 'unknown-condition' | 'without-http-conditions' | undefined;
}

export interface ClauseVerdict {
  readonly clause: 'from' | 'to' | 'when';
  readonly span: Span;
  readonly outcome: Outcome;
  readonly matches: readonly MatchVerdict[];
}

export interface MatchVerdict {
  /** `principals`, `notPaths`, `request.headers[x]`. */
  readonly field: string;
  readonly span: Span;
  readonly outcome: Outcome;
  /** The value that was compared, as the policy sees it; undefined where there is none. */
  readonly actual: string | undefined;
  /** What the policy lists. */
  readonly values: readonly string[];
}
