// The manifests of the rules' pages about sidecars and egress gateways, before and after each fix, in the world that bytes go through.
import type { Section } from '../../kit/page.ts';
import type { ClassicRequest, ClassicSample } from '../../oracle/classic/sample.ts';
import { clientNamespaces, realAddresses, rootNamespace } from '../../oracle/classic/world.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { manifestsIn, sectionsOfRulePages } from '../rule-page-meshes.ts';
import { sampleWith } from './page-meshes.ts';
import type { NamedSample } from './run-profile.ts';

/** Of each section with an egress gateway or with clients that have sidecars, and with no waypoint. */
export function samplesOfRulePages(): readonly NamedSample[] {
  return sectionsOfRulePages().flatMap(({ name, section }) => {
    const sample = sampleOf(section);
    return sample ? [{ name, sample }] : [];
  });
}

function sampleOf({ files }: Section): ClassicSample | undefined {
  const written = files.flatMap(({ text }) => manifestsIn(text));
  const has = (kind: string): boolean => written.some((one) => one['kind'] === kind);
  const isOurs =
    has('ServiceEntry') && !notFollowed.some(has) && written.some(isClassic) && !written.some(isOfGatewayApi);
  if (!isOurs) return undefined;
  const text = JSON.stringify(written);
  const gatewayNamespace = /istio-egressgateway\.([a-z-]+)\.svc/.exec(text)?.[1] ?? rootNamespace;
  const own = (JSON.parse(renamed(text, gatewayNamespace)) as readonly Manifest[]).map(withRealAddress);
  return sampleWith(own, { gatewayNamespace, requests: requestsFor(own) });
}

/** Filters that no Envoy has, Secrets that no istiod hands out here, and gateways whose pods do not run here. */
const notFollowed = ['EnvoyFilter', 'WasmPlugin', 'Secret', 'Service', 'Deployment', 'Pod'];

function isClassic({ kind, apiVersion, metadata }: Manifest): boolean {
  const { labels = {} } = metadata as { readonly labels?: Readonly<Record<string, string>> };
  return (
    (kind === 'Gateway' && String(apiVersion).startsWith('networking')) ||
    kind === 'Sidecar' ||
    'istio-injection' in labels
  );
}

/** Its pods are istiod's own to make, by its name. */
function isOfGatewayApi({ kind, apiVersion }: Manifest): boolean {
  return kind === 'Gateway' && String(apiVersion).startsWith('gateway.networking.k8s.io');
}

const ourHosts = ['a.example.com', 'b.example.com', 'c.example.org', 'd.example.com'];

/** What an entry lists is what its first host leads to. */
function withRealAddress(one: Manifest): Manifest {
  const { addresses, hosts = [] } = (one['spec'] ?? {}) as Listed;
  const address = realAddresses[hosts[0] ?? ''];
  if (one['kind'] !== 'ServiceEntry' || addresses?.length !== 1 || addresses[0]!.includes('/') || !address) return one;
  return { ...one, spec: { ...(one['spec'] as Manifest), addresses: [address] } };
}

const ourWildcard = 'wild.example.net';

/** Its first namespace is that of our clients, and its hosts are those that names lead to. */
function renamed(text: string, gatewayNamespace: string): string {
  const spaces = new Set([...text.matchAll(/"namespace":"([a-z-]+)"/g)].map(([, space]) => space!));
  const home = spaces.has('shop')
    ? 'shop'
    : [...spaces].find((one) => one !== gatewayNamespace && one !== rootNamespace);
  const listed = [...text.matchAll(/"hosts":\[([^\]]*)\]/g)].flatMap(([, list]) => list!.split(','));
  const hosts = new Set(listed.map((one) => one.replaceAll('"', '').replace(/^.*\//, '')));
  const outside = [...hosts].filter((one) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(one) && !one.endsWith('.local'));
  const [wildcard] = [...hosts].flatMap((one) => (one.startsWith('*.') ? [one.slice(2)] : []));
  const plain = outside
    .toSorted((a, b) => b.length - a.length)
    .reduce((all, one, i) => all.replaceAll(wordOf(one, '.'), ourHosts[i] ?? one), text);
  const inOurs = wildcard === undefined ? plain : plain.replaceAll(wordOf(wildcard, ''), ourWildcard);
  return home === undefined ? inOurs : inOurs.replaceAll(wordOf(home, ''), 'apps');
}

/** As a whole, also with none of those letters before it. */
function wordOf(text: string, before: string): RegExp {
  return new RegExp(`(?<![\\w${before}-])${text.replaceAll('.', String.raw`\.`)}(?![\\w.-])`, 'g');
}

function requestsFor(manifests: readonly Manifest[]): readonly ClassicRequest[] {
  const entries = manifests.filter(({ kind }) => kind === 'ServiceEntry');
  const places = entries.flatMap(({ spec }) => {
    const { hosts = [], ports = [] } = spec as Listed;
    return hosts.flatMap((host) => ports.map(({ number }) => ({ host: host.replace(/^\*/, 'x'), port: number })));
  });
  const all = [...places, ...places.flatMap(({ host }) => [80, 443].map((port) => ({ host, port })))];
  const each = new Map(all.map((one) => [`${one.host}:${one.port}`, one]));
  return clientNamespaces.flatMap((namespace) =>
    [...each.values()]
      .slice(0, 6)
      .flatMap(({ host, port }) =>
        (['http', 'https'] as const)
          .filter((scheme) => (port === 80 ? scheme === 'http' : port !== 443 || scheme === 'https'))
          .map((scheme) => ({ namespace, scheme, host, port, path: '/' })),
      ),
  );
}

interface Listed {
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
  readonly ports?: readonly { readonly number: number }[];
}
