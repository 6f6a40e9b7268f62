// Fields that do not go together: what the CRDs say in CEL and istiod's webhook in Go, kind by kind. Each check cites its source.
import { overlapWithAny, type Span } from '../../base/span.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { groupOf } from '../../model/kind-of.ts';
import type { YamlMap } from '../../yaml/node.ts';
import { at, entryOf } from '../../yaml/read.ts';
import { finding, type SchemaFinding } from '../findings.ts';
import { peerAuthenticationChecks, requestAuthenticationChecks } from './authentication.ts';
import { authorizationPolicyChecks } from './authorization-policy.ts';
import { backendTlsPolicyChecks } from './backend-tls-policy.ts';
import type { Check, Fault } from './combination-check.ts';
import { destinationRuleChecks } from './destination-rule.ts';
import { wholeMilliseconds } from './durations.ts';
import { gatewayChecks, httpRouteChecks, routeChecks } from './gateway-api.ts';
import { grpcRouteChecks, tlsRouteChecks } from './gateway-routes.ts';
import { istioGatewayChecks } from './istio-gateway.ts';
import { field, text, type Place } from './field-place.ts';
import { serviceEntryChecks } from './service-entry.ts';
import { sidecarChecks } from './sidecar.ts';
import { telemetryChecks } from './telemetry.ts';
import { virtualServiceChecks } from './virtual-service.ts';
import { workloadEntryChecks } from './workload-entry.ts';

/** By kind, and the group that it is of. */
const checksByKind: ReadonlyMap<string, Readonly<Record<string, readonly Check[]>>> = new Map(
  Object.entries({
    ServiceEntry: { 'networking.istio.io': serviceEntryChecks },
    DestinationRule: { 'networking.istio.io': [...destinationRuleChecks, wholeMilliseconds] },
    VirtualService: { 'networking.istio.io': [...virtualServiceChecks, wholeMilliseconds] },
    Sidecar: { 'networking.istio.io': [...sidecarChecks, wholeMilliseconds] },
    Gateway: { 'networking.istio.io': istioGatewayChecks, 'gateway.networking.k8s.io': gatewayChecks },
    WorkloadEntry: { 'networking.istio.io': workloadEntryChecks },
    PeerAuthentication: { 'security.istio.io': peerAuthenticationChecks },
    RequestAuthentication: { 'security.istio.io': [...requestAuthenticationChecks, wholeMilliseconds] },
    AuthorizationPolicy: { 'security.istio.io': authorizationPolicyChecks },
    Telemetry: { 'telemetry.istio.io': telemetryChecks },
    HTTPRoute: { 'gateway.networking.k8s.io': httpRouteChecks },
    BackendTLSPolicy: { 'gateway.networking.k8s.io': backendTlsPolicyChecks },
    GRPCRoute: { 'gateway.networking.k8s.io': grpcRouteChecks },
    TLSRoute: { 'gateway.networking.k8s.io': tlsRouteChecks },
    TCPRoute: { 'gateway.networking.k8s.io': routeChecks },
  }),
);
const noChecks: Readonly<Record<string, readonly Check[]>> = {};

export interface CombinationSubject {
  readonly root: YamlMap;
  /** As written, `networking.istio.io/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly istioVersion: string;
}

/** What is wrong by itself is in `found`: nothing more is said of the same place. */
export function checkCombinations(
  { root, apiVersion, kind, istioVersion }: CombinationSubject,
  found: readonly SchemaFinding[],
): readonly SchemaFinding[] {
  const checks = (checksByKind.get(kind) ?? noChecks)[groupOf(apiVersion)];
  const spec = entryOf(root, 'spec')?.value;
  if (!checks || (spec && spec.kind !== 'map' && !(spec.kind === 'scalar' && spec.value === null))) return [];
  const place: Place = { node: root, path: [] };
  const subject = {
    root: place,
    spec: field(place, 'spec'),
    namespace: text(place, 'metadata', 'namespace') || undefined,
    istioVersion,
  };
  const faults: Fault[] = [];
  for (const check of checks) for (const fault of check(subject)) faults.push(fault);
  if (faults.length === 0) return [];
  const isTaken = overlapWithAny(
    found.filter(({ rule }) => rule !== 'unsupported-in-version').map(({ at: span }) => span),
  );
  return faults
    .map((fault) => ({ fault, span: spanOf(root, fault) }))
    .filter(({ span }) => !isTaken(span))
    .map(({ fault, span }) => toFinding(fault, span));
}

function toFinding({ severity, message, at: { path } }: Fault, span: Span): SchemaFinding {
  if (severity === 'error') return finding('invalid-combination', span, message, { path });
  const advice = finding('discouraged-value', span, message, { path });
  return severity === 'warning' ? advice : { ...advice, severity };
}

/** The field's place; where it is absent, the key of what lacks it. */
function spanOf(root: YamlMap, { at: { path }, onKey }: Fault): Span {
  for (let length = path.length; length > 0; length--) {
    const span = spanAt(root, path.slice(0, length), onKey || length < path.length);
    if (span) return span;
  }
  return entryOf(root, 'kind')?.value.span ?? root.span;
}

/** The key where that is wanted, or where the value is long or empty; undefined where nothing is written. */
function spanAt(root: YamlMap, path: FieldPath, onKey: boolean): Span | undefined {
  const node = at(root, path);
  const last = path.at(-1)!;
  if (!node || (node.span.start === node.span.end && typeof last === 'number')) return undefined;
  if (typeof last === 'number') return node.kind === 'map' && node.entries[0] ? node.entries[0].key.span : node.span;
  const key = entryOf(at(root, path.slice(0, -1)), last)?.key;
  const isShort = node.kind === 'scalar' && node.span.start < node.span.end;
  return key && (onKey || !isShort) ? key.span : node.span;
}
