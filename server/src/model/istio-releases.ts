// The one list of the Istio releases that this project supports. To support another release, add its line and run
// `npm run generate`: schemas, settings, the manifest and the README follow.

interface IstioRelease {
  /** Minor version of Istio. */
  readonly istio: string;
  /** Version of the Go module istio.io/api that the schemas of Istio's kinds come from. */
  readonly api: string;
  /** Version of the Go module sigs.k8s.io/gateway-api that the go.mod of this Istio requires. */
  readonly gatewayApi: string;
}

/** Oldest first. The module proxy does not have istio.io/api v1.30.0; v1.30.8 is the only tag of that minor. */
export const istioReleases = [
  { istio: '1.24', api: 'v1.24.0', gatewayApi: 'v1.2.0' },
  { istio: '1.25', api: 'v1.25.0', gatewayApi: 'v1.2.1' },
  { istio: '1.26', api: 'v1.26.0', gatewayApi: 'v1.3.0' },
  { istio: '1.27', api: 'v1.27.0', gatewayApi: 'v1.3.0' },
  { istio: '1.28', api: 'v1.28.0', gatewayApi: 'v1.4.0' },
  { istio: '1.29', api: 'v1.29.0', gatewayApi: 'v1.4.0' },
  { istio: '1.30', api: 'v1.30.8', gatewayApi: 'v1.5.1' },
  { istio: '1.31', api: 'v1.31.0', gatewayApi: 'v1.6.0' },
] as const satisfies readonly IstioRelease[];

export type IstioVersion = (typeof istioReleases)[number]['istio'];

/** Minor versions, oldest first. */
export const supportedVersions: readonly IstioVersion[] = istioReleases.map(({ istio }) => istio);
export const oldestVersion: IstioVersion = supportedVersions[0]!;
export const newestVersion: IstioVersion = supportedVersions.at(-1)!;
