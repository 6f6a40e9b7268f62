// A VirtualService or Gateway for a wildcard over its hosts, or for one host more; a ServiceEntry with one port more.
import type { Manifest } from '../manifests.ts';
import type { Random } from './random.ts';

export function widened(random: Random, manifest: Manifest): Manifest {
  const spec = manifest['spec'] as Manifest;
  switch (manifest['kind']) {
    case 'VirtualService':
      return random.chance(0.3)
        ? { ...manifest, spec: { ...spec, hosts: withAnother(random, spec['hosts'] as readonly string[]) } }
        : { ...manifest, spec: onEveryPort(random, widerEverywhere(spec) as Manifest) };
    case 'ServiceEntry':
      return {
        ...manifest,
        spec: {
          ...spec,
          ports: [...(spec['ports'] as readonly Manifest[]), { number: 8080, name: 'more', protocol: 'HTTP' }],
        },
      };
    case 'Gateway':
      return { ...manifest, spec: { ...spec, servers: widerEverywhere(spec['servers']) } };
    default:
      return manifest;
  }
}

/** Matches of HTTP at the sidecars. */
function onEveryPort(random: Random, spec: Manifest): Manifest {
  if (!spec['http'] || random.chance(0.5)) return spec;
  const [first, ...rest] = spec['http'] as readonly Manifest[];
  const matches = first!['match'] as readonly Manifest[];
  return { ...spec, http: [{ ...first, match: matches.map(({ port: _, ...others }) => others) }, ...rest] };
}

function withAnother(random: Random, hosts: readonly string[]): readonly string[] {
  return [...new Set([...hosts, random.pick('a.example.com', 'b.example.com', 'd.example.com')])];
}

/** In each list of hosts and server names; destinations stay. */
function widerEverywhere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(widerEverywhere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key,
      key === 'hosts' || key === 'sniHosts' ? (own as readonly string[]).map(wider) : widerEverywhere(own),
    ]),
  );
}

function wider(host: string): string {
  return /^(\*\.)?[a-z]+\.example\.[a-z]+$/.test(host) ? host.replace(/^(\*\.)?[a-z]+/, '*') : host;
}
