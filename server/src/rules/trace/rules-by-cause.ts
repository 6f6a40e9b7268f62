// The rules that report a cause of failure themselves, with a specific message and fixes. The trace rules report the remaining causes.
import type { FailureCause } from '../../eval/trace/step.ts';

const plaintextRules: readonly string[] = [
  'plaintext-to-tls-port',
  'protocol-contradicts-port',
  'destination-rule-not-selected',
  'duplicate-destination-rule',
  'istio-mutual-to-external',
  'port-level-target-port',
  'port-level-drops-tls',
  'egress-bypasses-waypoint',
  'unknown-waypoint',
  'waypoint-attachment-denied',
  'waypoint-ignores-services',
  'cross-namespace-forbidden',
  'use-waypoint-misplaced',
  'credential-needs-workload-selector',
  'plaintext-routed-to-tls-port',
];

/** Undefined: the request fails on purpose, which is not a fault. */
export const rulesFor: Readonly<Record<FailureCause, readonly string[] | undefined>> = {
  'port-not-listed': ['service-entry-without-port', 'duplicate-host-in-namespace', 'duplicate-host-across-namespaces'],
  'dynamic-resolution': ['dynamic-dns-without-waypoint', 'dynamic-dns-port-dropped', 'dynamic-dns-tls-disabled'],
  'not-http': ['conflicting-port-protocol', 'duplicate-host-in-namespace', 'duplicate-host-across-namespaces'],
  'server-first': ['server-first-without-protocol'],
  'no-inbound-listener': ['waypoint-listener-invalid'],
  'network-policy': ['network-policy-blocks-hbone'],
  'bad-path': undefined,
  'other-host': ['dynamic-dns-port-dropped'],
  'rival-entry': ['duplicate-host-across-namespaces', 'duplicate-host-in-namespace'],
  // No route matches the request. The conditions of the routes may be intended, and this is only one request of many.
  unmatched: undefined,
  deliberate: undefined,
  'no-backend': [],
  'no-destination': [
    'unknown-route-host',
    'unknown-route-backend',
    'unknown-route-port',
    'external-name-destination',
    'unknown-subset',
    'route-loops-at-gateway',
    'backend-port-missing',
    'route-kind-mismatch',
  ],
  'double-tls': ['double-tls'],
  'tls-to-plaintext': ['tls-to-plaintext-port', 'protocol-contradicts-port', 'conflicting-port-protocol'],
  'plaintext-to-tls': plaintextRules,
  'mesh-mtls': ['istio-mutual-to-external', 'gateway-tls-mismatch'],
  credential: [
    'credential-in-wrong-namespace',
    'credential-not-readable',
    'credential-lacks-keys',
    'unknown-credential',
    'certificate-path-in-waypoint',
  ],
  'server-name': ['host-not-rewritten'],
  'no-endpoint': [
    'missing-resolution',
    'selector-without-workload',
    'duplicate-host-in-namespace',
    'duplicate-host-across-namespaces',
  ],
  'gateway-refuses': [
    'gateway-tls-mismatch',
    'classic-egress-incomplete',
    'unknown-gateway',
    'route-kind-mismatch',
    'conflicting-port-protocol',
  ],
  'gateway-without-route': [
    'route-not-admitted',
    'gateway-tls-mismatch',
    'classic-egress-incomplete',
    'unknown-gateway',
    'route-kind-mismatch',
    'backend-port-missing',
  ],
  'gateway-loop': ['route-loops-at-gateway'],
  'registry-only': ['registry-only-not-enforced', 'classic-egress-incomplete'],
};

/** The rules that report that requests skip the waypoint. */
export const rulesForBypass: readonly string[] = [
  'egress-bypasses-waypoint',
  'unknown-waypoint',
  'waypoint-attachment-denied',
  'waypoint-ignores-services',
  'waypoint-class-mismatch',
  'cross-namespace-forbidden',
  'use-waypoint-misplaced',
  'use-waypoint-on-client',
  'service-entry-without-address',
  'missing-resolution',
  'wildcard-host-inert',
  'dns-capture-disabled',
  'sidecar-client-bypasses-waypoint',
  'duplicate-host-in-namespace',
  'duplicate-host-across-namespaces',
  'waypoint-listener-invalid',
  'host-spelling',
  'mistyped-label',
  ...plaintextRules,
];

/** `rulesFor` of requests that go through no waypoint: what keeps it away is the cause. */
export const rulesWithoutWaypoint: typeof rulesFor = Object.fromEntries(
  Object.entries(rulesFor).map(([cause, rules]) => [cause, rules && [...rules, ...rulesForBypass]]),
) as typeof rulesFor;

const rulesAboutClients: ReadonlySet<string> = new Set([
  'use-waypoint-on-client',
  'sidecar-client-bypasses-waypoint',
  'dns-capture-disabled',
]);

/** Whether the rule, where it reports at a Namespace, speaks of the requests of its pods. */
export function isAboutClients(rule: string): boolean {
  return rulesAboutClients.has(rule);
}
