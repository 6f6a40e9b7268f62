// A random mesh with the calls that are made in it, reproducible from a seed.
import fc from 'fast-check';
import { entries, frame, rules, type Manifest } from './manifests.ts';
import { call, policies, type Call } from './policies.ts';
import { names } from './queried-names.ts';

export interface Sample {
  readonly manifests: readonly Manifest[];
  readonly calls: readonly Call[];
  /** What differs from the mesh that all have, as MeshConfig. */
  readonly mesh?: Manifest;
  /** Pods with a sidecar that are asked about. */
  readonly sidecars?: readonly Pod[];
}

export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A kind of mesh, of which each seed gives a hundred. */
export interface Profile {
  readonly sample: fc.Arbitrary<Sample>;
  /** Flags of istiod, which reads them as it starts. */
  readonly flags?: Readonly<Record<string, string>>;
  /** What is compared besides. */
  readonly asks?: 'logs' | 'canary' | 'sidecars' | 'routes' | 'policies';
  /** Namespaces that they ask from; without it those of `queried-names.ts`. */
  readonly clients?: readonly string[];
  /** Names that clients ask for. */
  readonly names: readonly string[];
}

export const calls = fc.array(call, { minLength: 5, maxLength: 5 });

/** Without fast-check's bias to first and last values: no end of these lists is an edge. */
export const base: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc.tuple(frame, entries, rules, policies).map(([start, ...rest]) => manifestsOf(start, ...rest)),
      calls,
    }),
  ),
  names,
};

/** The same meshes for the same seed, each by its number. */
export function samples(seed: number, count: number, { sample }: Profile = base): readonly Sample[] {
  return fc.sample(sample, { seed, numRuns: count });
}

export function manifestsOf(...groups: readonly (readonly Manifest[])[]): readonly Manifest[] {
  return groups.flat().map(withoutAbsent);
}

/** As JSON writes it: fields that are undefined are not there. */
function withoutAbsent(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}

const authorizers = [{ name: 'authz', envoyExtAuthzGrpc: { service: 'authz.example.com', port: 9000 } }];

/** What Istio is told besides: a provider for CUSTOM policies, and what the profile wants. */
export function meshConfigOf({ mesh }: Sample): string {
  const others = (mesh?.['extensionProviders'] ?? []) as readonly unknown[];
  return JSON.stringify({ ...mesh, extensionProviders: [...authorizers, ...others] });
}

/** The provider's host, which the mesh must know; it is bound to no waypoint. */
export const provider: Manifest = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'authorizer', namespace: 'clients' },
  spec: { hosts: ['authz.example.com'], ports: [{ number: 9000, name: 'grpc', protocol: 'GRPC' }], resolution: 'DNS' },
};
