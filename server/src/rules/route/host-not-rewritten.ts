import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { ClientTls, RouteDestination } from '../../model/specs.ts';
import { fullHost, looksInCluster, normalizeHost, patternsFor, serviceHost } from '../../names/hosts.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { domainOf, renamedByEndpoints } from './renamed-by-endpoints.ts';

type Service = Resource<'VirtualService'>;
type Entry = Resource<'ServiceEntry'>;
type Rule = Resource<'DestinationRule'>;

interface Data {
  readonly index: number;
  readonly host: string;
}

/** Where a route sends requests that were made for another name. */
interface Renamed {
  /** That clients call. */
  readonly alias: string;
  readonly isAliasInCluster: boolean;
  /** Outside the mesh. */
  readonly host: string;
  readonly entry: Entry;
  readonly tls: { readonly rule: Rule; readonly settings: ClientTls } | undefined;
}

export const hostNotRewritten = defineRule({
  id: 'host-not-rewritten',
  stage: 'route',
  summary:
    'A host outside the mesh gets requests with a name that it does not know, because a route or endpoint does not rewrite it.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService', 'Service', 'ServiceEntry'],
  inputs: ['ServiceEntry', 'Service', 'DestinationRule', 'VirtualService', 'Namespace', 'Pod', 'Workload'],

  *check(
    service: AnyResource<'VirtualService' | 'Service' | 'ServiceEntry'>,
    mesh,
  ): Iterable<RuleFinding<Data | undefined>> {
    if (service.kind === 'ServiceEntry') {
      yield* renamedByEndpoints(mesh, service, (host, port) => tlsTo(mesh, host, port));
      return;
    }
    if (service.kind === 'Service') {
      yield* calledByAlias(mesh, service);
      return;
    }
    const called = calledOf(mesh, service);
    if (!called) return;
    for (const [index, route] of service.spec.http.entries()) {
      if (route.hostRewrite !== undefined || route.terminal) continue;
      const found = route.destinations.flatMap((to) => {
        const renamed = to.hostRewrite === undefined ? renamedBy(mesh, service, called, to) : undefined;
        return renamed ? [{ to, renamed }] : [];
      });
      const [first] = found;
      const told = first && faultOf(first.renamed);
      if (!told) continue;
      const { to, renamed } = first;
      yield {
        at: to.host!.span,
        message: told.message,
        ...(told.isSure ? {} : { severity: 'information' as const }),
        related: relatedTo(renamed),
        data: { index, host: renamed.host } satisfies Data,
      };
    }
  },

  *fixes(data: Data | undefined, service) {
    if (!data || service.kind !== 'VirtualService') return;
    const { index, host } = data;
    const route = service.spec.http[index];
    if (route?.destinations.length !== 1) return;
    yield {
      title: `Rewrite the authority to ${host}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: service, path: ['spec', 'http', index, 'rewrite', 'authority'], value: host }],
    };
  },
});

/** An alias whose host the mesh knows gets its routes and names; the Host stays what the client calls. server/docs/istio-semantics-classic.md §K.1, §K.4, §L.69. */
function* calledByAlias(mesh: Mesh, service: Resource<'Service'>): Iterable<RuleFinding<undefined>> {
  const { namespace, name, spec } = service;
  if (spec.type !== 'ExternalName' || !spec.externalName || !couldHaveSidecars(mesh, namespace)) return;
  const host = normalizeHost(spec.externalName);
  const entry = siteOf(mesh, host);
  const alias = serviceHost({ name, namespace }, mesh.settings.clusterDomain);
  if (!entry || mesh.virtualServices(alias).length > 0 || mesh.virtualServices(host).length > 0) return;
  yield {
    at: service.at.name,
    severity: 'information',
    message: `${host} gets requests to ${describe(service)} with the alias as Host and server name: many servers answer 404 or fail the handshake for a name that is not theirs; call ${host} itself, or rewrite the authority.`,
    related: [{ resource: entry, at: entry.at.name, message: `${describe(entry)} has ${host}.` }],
    data: undefined,
  };
}

/** The Host stays that of the request, and so does the server name that Envoy takes from it. server/docs/istio-semantics-classic.md §K.4, §E.41. */
function faultOf({ alias, isAliasInCluster, host, tls }: Renamed): { message: string; isSure: boolean } | undefined {
  const why = 'because the route does not rewrite the authority';
  if (tls && !tls.settings.sni) {
    const isVerified = !tls.settings.insecureSkipVerify?.value;
    const isPublic = isVerified && !tls.settings.caCertificates && !tls.settings.credentialName;
    if (isAliasInCluster && isPublic)
      return {
        message: `Requests to ${alias} fail: the TLS handshake with ${host} asks for the name ${alias}, ${why}, and no public certificate has that name.`,
        isSure: true,
      };
    return {
      message: `Requests to ${alias} fail unless ${host} answers to that name: it is the server name in TLS and the Host, ${why}.`,
      isSure: false,
    };
  }
  if (!isAliasInCluster) return undefined;
  return {
    message: `${host} gets requests with Host ${alias}, ${why}: many servers answer 404 to a name that is not theirs.`,
    isSure: false,
  };
}

interface Called {
  readonly alias: string;
  /** Names of one domain usually belong to one server. */
  readonly domains: ReadonlySet<string>;
}

/** Hosts of a route, of which there can be as many as rules; undefined for a wildcard, which may be any host. */
function calledOf(mesh: Mesh, { spec, namespace }: Service): Called | undefined {
  const called = spec.hosts.map(({ value }) => fullHost(value, namespace, mesh.settings.clusterDomain));
  const [alias] = called;
  if (alias === undefined || called.some((one) => one.includes('*'))) return undefined;
  return { alias, domains: new Set(called.map(domainOf)) };
}

function renamedBy(
  mesh: Mesh,
  { namespace }: Service,
  { alias, domains }: Called,
  { host: written, port, subset }: RouteDestination,
): Renamed | undefined {
  const { clusterDomain } = mesh.settings;
  const host = written && fullHost(written.value, namespace, clusterDomain);
  if (host === undefined || subset || looksInCluster(host, clusterDomain)) return undefined;
  if (domains.has(domainOf(host))) return undefined;
  const entry = siteOf(mesh, host);
  if (!entry) return undefined;
  const number = port?.value ?? entry.spec.ports[0]?.number?.value;
  const isAliasInCluster = looksInCluster(alias, clusterDomain);
  return { alias, isAliasInCluster, host, entry, tls: number === undefined ? undefined : tlsTo(mesh, host, number) };
}

/** A host outside that stands for itself: with `endpoints` the author chose the servers, who may know the name. */
function siteOf(mesh: Mesh, host: string): Entry | undefined {
  return mesh.derived(`site of ${host}`, (view) => {
    const owners = view.hostOwners(host).map(({ resource }) => resource);
    const entries = owners.filter((one): one is Entry => one.kind === 'ServiceEntry');
    const areSites = entries.every(
      (one) => isExternal(one) && one.spec.endpoints.length === 0 && one.spec.resolution?.value.startsWith('DNS'),
    );
    return owners.length === entries.length && areSites ? entries[0] : undefined;
  });
}

/** The same for all who ask of one host: thousands of entries and rules can have it. */
function tlsTo(mesh: Mesh, host: string, port: number): Renamed['tls'] {
  return mesh.derived(`first TLS of ${host} ${port}`, (view) => {
    for (const pattern of patternsFor(host))
      for (const rule of view.destinationRulesAnywhere(pattern)) {
        const { mode, tls } = tlsOfRule(rule, port);
        if (mode && tls) return { rule, settings: tls };
      }
    return undefined;
  });
}

function relatedTo({ entry, host, tls }: Renamed): readonly Related[] {
  const outside = { resource: entry, at: entry.at.name, message: `${describe(entry)} has ${host}.` };
  if (!tls || tls.settings.sni) return [outside];
  return [
    outside,
    { resource: tls.rule, at: tls.settings.key, message: `${describe(tls.rule)} originates TLS and sets no sni.` },
  ];
}
