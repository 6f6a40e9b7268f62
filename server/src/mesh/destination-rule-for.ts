// Which DestinationRule applies to a ServiceEntry's host at its waypoint. egress-semantics: selection, merging.
import type { Resource } from '../model/resource.ts';
import type { Mesh } from './mesh.ts';

/** Why a rule that matches the host by name is not the one that applies. */
export type PassedOver =
  /** In a namespace that the look-up never visits (a client's, usually). */
  | 'other-namespace'
  /** Its `exportTo` does not reach the waypoint's namespace. */
  | 'not-exported'
  /** `workloadSelector` rules never apply at a waypoint. */
  | 'workload-selector'
  /** An earlier namespace of the look-up, or a more specific host, has a rule. */
  | 'shadowed'
  /** Another rule for the same host and namespace is older: who wins depends on age. */
  | 'merged-away'
  /** The ServiceEntry is not exported to the waypoint's namespace: no rule is looked up at all. */
  | 'entry-not-exported'
  /** No waypoint is bound, so no rule applies. */
  | 'no-waypoint';

export interface Candidate {
  readonly rule: Resource<'DestinationRule'>;
  readonly passedOver: PassedOver;
  /** What shadows it. */
  readonly by?: Resource<'DestinationRule'>;
}

export type DestinationRuleChoice =
  | { readonly state: 'selected'; readonly rule: Resource<'DestinationRule'>; readonly others: readonly Candidate[] }
  /** Several rules of one host and namespace: age decides. */
  | { readonly state: 'undetermined'; readonly candidates: readonly Resource<'DestinationRule'>[]; readonly others: readonly Candidate[] }
  | { readonly state: 'none'; readonly others: readonly Candidate[] }
  /** The binding is unknown, so the namespace that the look-up starts from is. */
  | { readonly state: 'unknown'; readonly others: readonly Candidate[] };

/** The rule for one host of an entry, as its waypoint looks it up. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule. */
export declare function destinationRuleFor(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): DestinationRuleChoice;
