// A VirtualService for hosts of one ServiceEntry becomes an HTTPRoute that is attached to the ServiceEntry. What an HTTPRoute cannot say
// is listed; the proof shows whether that changes where known requests go.
import type { Draft } from '../../engine/draft.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost, normalizeHost } from '../../names/hosts.ts';
import type { PlainMap } from '../../yaml/plain.ts';
import { mapIn, plainOf, replaceWith, type Refactoring } from './refactoring.ts';
import { httpRouteRules, type ConvertedRules } from './http-route-rules.ts';

type VirtualService = Resource<'VirtualService'>;
type Entry = Resource<'ServiceEntry'>;

export const virtualServiceToRoute: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh, plainOf: written }) {
    if (subject.kind !== 'VirtualService') return;
    const entry = entryOf(mesh, subject);
    if (entry && rulesOf(mesh, subject, written(subject)).rules)
      yield { title: 'Convert to an HTTPRoute', perform: (draft) => convert(draft, subject, entry) };
  },
};

/**
 * The ServiceEntry of the same namespace whose hosts are exactly those of the VirtualService: a route that is attached to an entry is for
 * all its hosts, whatever its `hostnames` say. Routes of gateways, TLS and TCP stay, and so does what delegates or is delegated to.
 */
function entryOf(mesh: Mesh, service: VirtualService): Entry | undefined {
  const { hosts, gateways, http, tls, tcp } = service.spec;
  if (http.length === 0 || tls.length > 0 || tcp.length > 0 || http.some(({ delegate }) => delegate)) return undefined;
  if (gateways.some(({ value }) => value !== 'mesh')) return undefined;
  const named = hosts.map(({ value }) => fullHost(value, service.namespace, mesh.settings.clusterDomain)).sort();
  const [owner, ...others] = mesh.hostOwners(named[0] ?? '');
  const entry = owner?.resource;
  if (others.length > 0 || entry?.kind !== 'ServiceEntry' || entry.namespace !== service.namespace) return undefined;
  const own = entry.spec.hosts.map(({ value }) => normalizeHost(value)).sort();
  return own.join() === named.join() ? entry : undefined;
}

function convert(draft: Draft, service: VirtualService, entry: Entry): readonly string[] | undefined {
  const plain = plainOf(draft, service);
  if (!plain) return undefined;
  const { rules, lost } = rulesOf(draft.writtenMesh, service, plain);
  if (!rules) return undefined;
  const manifest = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: metadataOf(plain, freeName(draft.writtenMesh, service)),
    spec: {
      parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }],
      rules,
    },
  };
  const comments = replaceWith(draft, service, manifest);
  const scope = service.spec.exportTo
    ? ['exportTo: a route that is attached to a ServiceEntry is for all its clients']
    : [];
  return comments && [...lost, ...scope, ...comments];
}

function rulesOf(mesh: Mesh, { namespace }: VirtualService, plain: PlainMap | undefined): ConvertedRules {
  const { clusterDomain } = mesh.settings;
  return httpRouteRules(mapIn(plain, 'spec'), { namespace, clusterDomain, portOf: (host) => onlyPort(mesh, host) });
}

/** The only port that clients can call the host on. */
function onlyPort(mesh: Mesh, host: string): number | undefined {
  const [owner, ...others] = mesh.hostOwners(host);
  const numbers = owner?.resource.spec.ports.flatMap(({ number }) => number?.value ?? []) ?? [];
  return others.length === 0 && numbers.length === 1 ? numbers[0] : undefined;
}

/** Labels and annotations go with it; what the cluster wrote does not. */
function metadataOf(plain: PlainMap, name: string): PlainMap {
  const old = mapIn(plain, 'metadata');
  const kept = ['namespace', 'labels'].flatMap((key) => (Object.hasOwn(old, key) ? [[key, old[key]!] as const] : []));
  const annotations = Object.entries(mapIn(old, 'annotations')).filter(
    ([key]) => !key.startsWith('kubectl.kubernetes.io/'),
  );
  return {
    name,
    ...Object.fromEntries(kept),
    ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
  };
}

function freeName(mesh: Mesh, { namespace, name }: VirtualService): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (mesh.named('HTTPRoute', namespace, candidate).length === 0) return candidate;
  }
}
