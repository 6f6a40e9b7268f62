// What the errors and warnings of each rule claim of requests, for the property that traces show it.
import type { Finding } from '../../server/src/engine/finding.ts';

/**
 * `goes-wrong`: a request fails, goes past the waypoint, or it is open whether it does. `goes-wrong-if-met`: the same, for requests
 * that meet the object; there may be none. `is-met`: a request meets the object, and what is wrong is not its way.
 */
export type Claim = 'goes-wrong' | 'goes-wrong-if-met' | 'is-met';

/** Of no request that could be followed, for the reason. */
interface NoClaim {
  readonly because: string;
}

const unmet: NoClaim = { because: 'Says that no request meets the object.' };
const clients: NoClaim = { because: 'Speaks of which clients a policy means, and not of one request.' };
const trust: NoClaim = { because: 'The connection succeeds: what it trusts or shows is at fault.' };
const oneRoute: NoClaim = {
  because: 'Speaks of one destination of a route; the requests that are followed need not come to it.',
};
const logs: NoClaim = { because: 'Speaks of logs.' };
const text: NoClaim = { because: 'Speaks of the text of a document.' };
const waypoint: NoClaim = { because: 'Speaks of the waypoint itself, whichever hosts are bound to it.' };
const unmodelled: NoClaim = { because: 'Says that no answer is given.' };
const pods: NoClaim = { because: 'Speaks of the pods that it names; the clients of declared requests are others.' };

/** Some rules say of one object that it decides requests, and of another that none come to it. */
export function claimOf({ rule, resource, message }: Finding): Claim | NoClaim | undefined {
  const isDropped = rule === 'conflicting-port-protocol' && resource?.kind === 'Gateway';
  const isUnmet = rule === 'classic-egress-incomplete' && /never applies|has no effect|imports nothing/.test(message);
  return isDropped || isUnmet ? unmet : claims[rule];
}

export const claims: Readonly<Record<string, Claim | NoClaim>> = {
  'address-in-allocation-range': 'is-met',
  'address-prefix-too-short': unmet,
  'answer-not-modelled': unmodelled,
  'backend-port-missing': oneRoute,
  'canary-invalid': 'is-met',
  'certificate-path-in-waypoint': 'goes-wrong-if-met',
  'classic-egress-incomplete': 'goes-wrong-if-met',
  'classic-egress-on-waypoint': unmet,
  'client-not-captured': clients,
  'conflicting-port-protocol': 'goes-wrong',
  'credential-in-wrong-namespace': 'goes-wrong-if-met',
  'credential-lacks-keys': 'goes-wrong-if-met',
  'credential-needs-workload-selector': 'is-met',
  'credential-not-readable': 'goes-wrong-if-met',
  'cross-namespace-forbidden': 'goes-wrong',
  'deprecated-api-version': text,
  'deprecated-field': text,
  'destination-rule-not-selected': unmet,
  'discouraged-value': text,
  'dns-capture-disabled': pods,
  'double-tls': 'goes-wrong',
  'duplicate-destination-rule': unmet,
  'duplicate-host-across-namespaces': 'goes-wrong',
  'duplicate-host-in-namespace': 'goes-wrong',
  'duplicate-resource': text,
  'dynamic-dns-port-dropped': 'goes-wrong',
  'dynamic-dns-tls-disabled': 'is-met',
  'dynamic-dns-without-waypoint': 'goes-wrong',
  'egress-bypasses-waypoint': 'goes-wrong',
  'egress-not-logged': logs,
  'egress-open': clients,
  'export-to-not-enforced': 'is-met',
  'external-name-destination': oneRoute,
  'gateway-tls-mismatch': 'goes-wrong-if-met',
  'host-not-rewritten': oneRoute,
  'host-spelling': unmet,
  'hosts-share-address': unmet,
  'identity-leaks-outside': trust,
  'insecure-skip-verify': trust,
  'invalid-combination': text,
  'invalid-type': text,
  'invalid-value': text,
  'invalid-yaml': text,
  'istio-mutual-to-external': 'goes-wrong-if-met',
  'missing-field': text,
  'missing-resolution': 'goes-wrong',
  'mistyped-label': unmet,
  'missing-sni': 'is-met',
  'mistyped-resource': text,
  'network-policy-blocks-hbone': 'goes-wrong-if-met',
  'overlapping-addresses': 'goes-wrong',
  'plaintext-routed-to-tls-port': oneRoute,
  'plaintext-to-tls-port': 'goes-wrong',
  'policy-action-unsupported': clients,
  'policy-allows-too-little': clients,
  'policy-bare-service-account': clients,
  'policy-deny-has-no-effect': clients,
  'policy-gateway-class-misplaced': unmet,
  'policy-host-is-spoofable': clients,
  'policy-host-without-port': clients,
  'policy-http-fields-on-tcp': 'goes-wrong-if-met',
  'policy-never-matches': clients,
  'policy-not-at-waypoint': unmet,
  'policy-rule-shadowed': clients,
  'policy-target-is-host': unmet,
  'pod-bypasses-sidecar': pods,
  'udp-skips-gateway': clients,
  'classic-egress-in-ambient': 'goes-wrong-if-met',
  'outbound-policy-without-mode': unmet,
  'telemetry-server-mode': logs,
  'gateway-redirects-egress': 'goes-wrong-if-met',
  'route-not-admitted': unmet,
  'gateway-selects-all': pods,
  'egress-gateway-exposed': clients,
  'gateway-request-fails': 'goes-wrong-if-met',
  'policy-without-identity': clients,
  'policy-at-client': clients,
  'policy-denies-dynamic-host': clients,
  'policy-not-at-gateway': clients,
  'request-skips-gateway': 'goes-wrong-if-met',
  'route-loops-at-gateway': 'goes-wrong-if-met',
  'port-level-drops-tls': 'goes-wrong-if-met',
  'port-level-target-port': unmet,
  'protocol-contradicts-port': 'goes-wrong',
  'registry-only-not-enforced': unmet,
  'request-bypasses': 'goes-wrong',
  'request-fails': 'goes-wrong',
  'route-hostnames-ignored': unmet,
  'route-ignored-by-waypoint': unmet,
  'route-kind-mismatch': unmet,
  'route-kinds-mixed': unmet,
  'server-first-without-protocol': 'goes-wrong',
  'service-entry-sans-unused': 'is-met',
  'service-entry-without-address': 'is-met',
  'service-entry-without-port': 'goes-wrong',
  'service-host-taken': unmet,
  'sidecar-client-bypasses-waypoint': clients,
  'sidecar-shadowed': unmet,
  'sidecar-resource-ignored': unmet,
  'tcp-port-without-address': 'is-met',
  'telemetry-client-mode': logs,
  'telemetry-conflict': logs,
  'telemetry-target-out-of-reach': unmet,
  'telemetry-without-provider': logs,
  'tls-to-plaintext-port': 'goes-wrong',
  'unknown-credential': 'goes-wrong-if-met',
  'unknown-destination-host': unmet,
  'unknown-field': text,
  'unknown-gateway': unmet,
  'unknown-gateway-class': waypoint,
  'unknown-kind': text,
  'unknown-policy-host': unmet,
  'unknown-policy-target': unmet,
  'unknown-route-backend': unmet,
  'unknown-route-host': unmet,
  'unknown-route-parent': unmet,
  'unknown-route-port': unmet,
  'unknown-service-account': clients,
  'unknown-source-namespace': clients,
  'unknown-subset': oneRoute,
  'unknown-telemetry-provider': logs,
  'unknown-waypoint': 'goes-wrong-if-met',
  'selector-without-workload': 'is-met',
  'unlisted-https-port': 'is-met',
  'unrestricted-egress-host': 'is-met',
  'unsupported-in-version': text,
  'unsupported-match': unmet,
  'unused-suppression': text,
  'unverified-server-name': trust,
  'use-waypoint-misplaced': unmet,
  'use-waypoint-on-client': unmet,
  'virtual-service-shadowed': unmet,
  'waypoint-attachment-denied': 'goes-wrong-if-met',
  'waypoint-captured': waypoint,
  'waypoint-class-mismatch': 'goes-wrong-if-met',
  'waypoint-ignores-services': 'goes-wrong-if-met',
  'waypoint-listener-invalid': 'goes-wrong-if-met',
  'waypoint-name-taken': waypoint,
  'wildcard-host-inert': 'is-met',
};
