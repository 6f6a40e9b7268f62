// Routes that send copies of requests to another host besides, and change their paths.
import type { Random } from './random.ts';
import type { Manifest } from '../manifests.ts';

const mirrored = ['a.example.com', 'b.example.com', 'c.example.org', 'nowhere.example.com'] as const;

/** A VirtualService with mirrors in a share of its routes; other objects as they are. */
export function withCopies(random: Random, object: Manifest, share: number): Manifest {
  const spec = object['spec'] as Manifest;
  if (object.kind !== 'VirtualService' || !Array.isArray(spec['http'])) return object;
  const http = spec['http'].map((route: Manifest) =>
    random.chance(share) && 'route' in route
      ? { ...route, ...mirrorsOf(random), ...random.maybe(0.5, { rewrite: { uri: random.pick('/moved', '/') } }) }
      : route,
  );
  return { ...object, spec: { ...spec, http } };
}

function mirrorsOf(random: Random): object {
  const to = () => ({
    host: random.pick(...mirrored),
    ...random.maybe(0.8, { port: { number: random.pick(80, 443) } }),
  });
  return random.either<object>(0.7, { mirror: to() }, { mirrors: [{ destination: to() }, { destination: to() }] });
}
