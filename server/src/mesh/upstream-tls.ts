// What TLS a waypoint speaks to an external host on one port, and where that is decided.
import type { Span } from '../base/span.ts';
import type { ClientTls, ServiceEntryPort } from '../model/specs.ts';
import type { Resource } from '../model/resource.ts';
import type { DestinationRuleChoice } from './destination-rule-for.ts';
import type { Mesh } from './mesh.ts';
import type { WaypointBinding } from './waypoint-binding.ts';

/** Why a port's bytes leave as they came, in the catalogue's words. */
export type NoTlsCause =
  | 'unbound-waypoint' | 'unusable-waypoint' | 'no-rule' | 'other-namespace' | 'not-exported' | 'workload-selector' | 'shadowed'
  | 'no-tls' | 'port-mismatch' | 'port-entry-without-tls' | 'mode-disable' | 'istio-mutual' | 'subset-only' | 'incomplete-mutual' | 'entry-not-exported';

export type UpstreamTls =
  | { readonly state: 'originated'; readonly mode: 'SIMPLE' | 'MUTUAL'; readonly source: TlsSource; readonly choice: DestinationRuleChoice }
  | { readonly state: 'plain'; readonly cause: NoTlsCause; readonly at: TlsEvidence | undefined; readonly choice: DestinationRuleChoice }
  /** Age decides between rules that differ here, or something is not known. */
  | { readonly state: 'unknown'; readonly choice: DestinationRuleChoice };

export type TlsSource =
  | { readonly by: 'DestinationRule'; readonly rule: Resource<'DestinationRule'>; readonly tls: ClientTls; readonly portLevel: boolean }
  | { readonly by: 'BackendTLSPolicy'; readonly policy: Resource<'BackendTLSPolicy'> };

/** What to show for a cause: the resource and the place in it. */
export interface TlsEvidence {
  readonly resource: Resource;
  readonly span: Span;
}

/**
 * TLS that is spoken to `host` for what arrives on `port` of `entry`.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go buildWaypointTLSContext.
 */
export declare function upstreamTls(mesh: Mesh, entry: Resource<'ServiceEntry'>, port: ServiceEntryPort, host: string): UpstreamTls & { readonly binding: WaypointBinding };

/** TLS that this rule would give that port if it were selected; `cause` where none. */
export declare function tlsOfRule(rule: Resource<'DestinationRule'>, portNumber: number): { readonly tls: ClientTls | undefined; readonly mode: 'SIMPLE' | 'MUTUAL' | undefined; readonly portLevel: boolean; readonly cause: NoTlsCause | undefined; readonly span: Span };
