// Keys that the API server refuses beside another one that is there already. They are offered last, with the reason.
interface Exclusion {
  readonly kind: string;
  /** Names on the way to the map, without items of lists. */
  readonly place: string;
  /** Of these only one may stand. */
  readonly oneOf: readonly string[];
}

/** istio@86c9f01 manifests/charts/base/files/crd-all.gen.yaml: `oneOf` and CEL rules; pkg/config/validation/validation.go. */
const exclusions: readonly Exclusion[] = [
  { kind: 'ServiceEntry', place: 'spec', oneOf: ['endpoints', 'workloadSelector'] },
  { kind: 'AuthorizationPolicy', place: 'spec', oneOf: ['targetRefs', 'targetRef', 'selector'] },
  { kind: 'Telemetry', place: 'spec', oneOf: ['targetRefs', 'targetRef', 'selector'] },
  { kind: 'RequestAuthentication', place: 'spec', oneOf: ['targetRefs', 'targetRef', 'selector'] },
  { kind: 'VirtualService', place: 'spec.http', oneOf: ['route', 'redirect', 'directResponse', 'delegate'] },
  { kind: 'VirtualService', place: 'spec.http', oneOf: ['mirror', 'mirrors'] },
  ...['uri', 'scheme', 'method', 'authority'].map((field) => ({
    kind: 'VirtualService',
    place: `spec.http.match.${field}`,
    oneOf: ['exact', 'prefix', 'regex'],
  })),
  ...['spec.trafficPolicy.tls', 'spec.trafficPolicy.portLevelSettings.tls'].flatMap((place) =>
    ['caCertificates', 'clientCertificate', 'privateKey'].map((file) => ({
      kind: 'DestinationRule',
      place,
      oneOf: ['credentialName', file],
    })),
  ),
];

/** The sibling key that excludes it, if any. */
export function excludedBy(kind: string, place: string, key: string, beside: readonly string[]): string | undefined {
  for (const { oneOf, ...where } of exclusions) {
    if (where.kind !== kind || where.place !== place || !oneOf.includes(key)) continue;
    const other = beside.find((one) => one !== key && oneOf.includes(one));
    if (other !== undefined) return other;
  }
  return undefined;
}
