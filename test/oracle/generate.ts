// A random mesh with the calls that are made in it, reproducible from a seed.
import fc from 'fast-check';
import { entries, frame, rules, type Manifest } from './manifests.ts';
import { call, policies, type Call } from './policies.ts';

export interface Sample {
  readonly manifests: readonly Manifest[];
  readonly calls: readonly Call[];
}

/** Without fast-check's bias to first and last values: no end of these lists is an edge. */
export const sample: fc.Arbitrary<Sample> = fc.noBias(fc.record({
  manifests: fc.tuple(frame, entries, rules, policies).map(([base, ...rest]) => [...base, ...rest.flat()].map(withoutAbsent)),
  calls: fc.array(call, { minLength: 5, maxLength: 5 }),
}));

/** The same meshes for the same seed, each by its number. */
export function samples(seed: number, count: number): readonly Sample[] {
  return fc.sample(sample, { seed, numRuns: count });
}

/** As JSON writes it: fields that are undefined are not there. */
function withoutAbsent(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}

/** What Istio is told besides: a provider for CUSTOM policies. */
export const meshConfig = 'extensionProviders: [{name: authz, envoyExtAuthzGrpc: {service: authz.example.com, port: 9000}}]';

/** The provider's host, which the mesh must know; it is bound to no waypoint. */
export const provider: Manifest = {
  apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry',
  metadata: { name: 'authorizer', namespace: 'clients' },
  spec: { hosts: ['authz.example.com'], ports: [{ number: 9000, name: 'grpc', protocol: 'GRPC' }], resolution: 'DNS' },
};
