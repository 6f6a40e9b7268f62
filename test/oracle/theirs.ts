// Istio's answer, read out of what its generator sends to the waypoints.
import { clients as usualClients } from './queried-names.ts';
import { authorityOf, describeTls, displaced, serverNameOf, type Answer, type PortAnswer } from './answer.ts';
import type { ClusterReport, HostReport, PortReport, Report } from './report.ts';
import { base, type Profile, type Sample } from './generate.ts';
import type { Call } from './policies.ts';
import type { Manifest } from './manifests.ts';
import { decide, type Seen } from './rbac.ts';
import { routeAnswers } from './theirs-routes.ts';
import { reportedTls } from '../kit/oracle.ts';

/** Which manifests Istio refuses: they are in no cluster, and are left out on our side. */
export function refused(report: Report): ReadonlySet<number> {
  return new Set((report.problems ?? []).filter(({ level }) => level === 'error').map(({ doc }) => doc));
}

export function theirAnswer(sample: Sample, report: Report, profile: Profile = base): Answer {
  const bindings: Record<string, string> = {};
  const ports: Record<string, PortAnswer> = {};
  const more: Record<string, string> = {};
  for (const host of report.hosts) {
    const key = `${host.serviceEntry} ${host.host}`;
    // Two entries of one namespace: the other carries the host.
    if (host.serviceEntry === 'clients/authorizer' || host.error?.startsWith('shadowed')) continue;
    bindings[key] = bindingOf(host);
    if (!host.waypoint) continue;
    if (profile.asks !== 'routes') Object.assign(ports, portsOf(key, host, sample, report));
    Object.assign(more, moreOf(key, host, report, sample, profile));
  }
  if (profile.asks === 'sidecars') Object.assign(more, sidecarAnswers(sample, report));
  return { bindings, ports, services: servicesOf(report, profile), ...(profile.asks ? { more } : {}) };
}

function bindingOf({ waypoint, error }: HostReport): string {
  if (waypoint) return waypoint;
  return error && error !== 'not in the ambient index' ? `!${error.split(':')[0]}` : '-';
}

/** What only some profiles ask about a host that a waypoint has. */
function moreOf(
  key: string,
  host: HostReport,
  report: Report,
  sample: Sample,
  { asks }: Profile,
): Record<string, string> {
  if (asks === 'canary') return { [`canary ${key}`]: canaryOf(host) };
  if (asks === 'logs' && !hasRival(host, report)) return logsOf(key, host, report);
  return asks === 'routes' && !hasRival(host, report) && !isShared(host, report)
    ? routeAnswers(key, host, chainsOf(host, report), sample)
    : {};
}

function canaryOf({ canary, error }: HostReport): string {
  return canary ? `${canary.waypoint} ${canary.weight}` : (error?.split(':')[0] ?? '-');
}

function sidecarAnswers({ manifests }: Sample, report: Report): Record<string, string> {
  // The waypoints' own Services and the provider's host are there besides.
  const hosts = new Set(
    manifests.flatMap(({ kind, spec }) =>
      kind === 'ServiceEntry' ? (spec as { readonly hosts: readonly string[] }).hosts : [],
    ),
  );
  const answers: Record<string, string> = {};
  for (const one of report.sidecars ?? []) {
    answers[`outbound ${one.client}`] = one.outbound;
    for (const cluster of one.clusters)
      if (hosts.has(cluster.name.split('|')[3]!))
        answers[`cluster ${one.client} ${cluster.name}`] = sidecarTls(cluster);
  }
  return answers;
}

function chainsOf({ host, waypoint }: HostReport, { waypoints }: Report): readonly PortReport[] {
  return (waypoints.find((one) => one.waypoint === waypoint)?.ports ?? []).filter(
    ({ chain }) => chain.split('|')[3] === host,
  );
}

/** Age decides which entry of the namespace has the host. */
function isShared({ host, serviceEntry }: HostReport, { hosts }: Report): boolean {
  return (
    hosts.filter((other) => other.host === host && other.serviceEntry.split('/')[0] === serviceEntry.split('/')[0])
      .length > 1
  );
}

/** As ztunnel chooses by what it is told. ztunnel@62d8265 src/dns/server.rs find_server; src/state/service.rs find_best_match. */
function servicesOf(
  { hosts, services = [] }: Report,
  { names, clients = usualClients }: Pick<Profile, 'names' | 'clients'>,
): Answer['services'] {
  const own = services.map(({ service, ...rest }) => ({
    ...rest,
    serviceEntry: service,
    error: rest.waypoint === undefined && rest.error?.startsWith('not in') ? rest.error : undefined,
    visibility: undefined,
  }));
  // A headless Service is found by its name and answered with its endpoints.
  const known = [
    ...hosts.filter(
      // A name is looked up without its last dot. ztunnel@62d8265 src/dns/server.rs find_server.
      ({ error, addresses, host }) =>
        !error?.startsWith('shadowed') && !host.endsWith('.') && addresses?.some((one) => !one.includes('/')),
    ),
    ...own.filter(({ error }) => !error),
  ];
  return Object.fromEntries(
    clients.flatMap((client) =>
      names.map((name) => {
        const seen = known.filter(
          ({ visibility, serviceEntry }) => visibility !== 'NAMESPACE' || serviceEntry.startsWith(`${client}/`),
        );
        const found =
          [name, ...suffixes(name)]
            .map((host) => seen.filter((one) => one.host === host))
            .find((group) => group.length > 0) ?? [];
        const best =
          [
            found.filter(({ serviceEntry }) => serviceEntry.startsWith(`${client}/`)),
            found.filter(({ canonical }) => canonical),
            found,
          ].find((group) => group.length > 0) ?? [];
        return [`${client} > ${name}`, best.map(({ serviceEntry }) => serviceEntry).join('|') || '-'];
      }),
    ),
  );
}

/** Every chain of a host writes the same log. */
function logsOf(key: string, host: HostReport, report: Report): Record<string, string> {
  const ports = report.waypoints.find(({ waypoint }) => waypoint === host.waypoint)?.ports ?? [];
  const own = ports.filter((port) => port.chain.split('|')[3] === host.host);
  const [first, ...others] = own.map(({ logs }) => [...(logs ?? [])].sort().join(',') || '-');
  if (first === undefined) return {};
  return { [`log ${key}`]: others.every((other) => other === first) ? first : 'differs by chain' };
}

/** The mesh's own mTLS has certificates of the mesh; where Istio adds it by itself, endpoints that do not ask for it are left alone. */
function sidecarTls({ tls }: ClusterReport): string {
  if (!tls) return 'plain';
  if (tls.clientCertificates?.includes('default')) return tls.auto ? 'plain' : 'mesh';
  return describeTls(reportedTls(tls));
}

function suffixes(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`);
}

function portsOf(
  key: string,
  host: HostReport,
  { manifests, calls, mesh }: Sample,
  report: Report,
): Record<string, PortAnswer> {
  const given = mesh?.['trustDomain'];
  const trustDomain = typeof given === 'string' ? given : 'cluster.local';
  const all = report.waypoints.find(({ waypoint }) => waypoint === host.waypoint)?.ports ?? [];
  const own = all.filter((port) => port.chain.split('|')[3] === host.host);
  if (hasRival(host, report)) return { [key]: displaced };
  return Object.fromEntries(
    own.map((port) => {
      const [, number, kind] = port.chain.split('|');
      const http = kind === 'http';
      const verdicts = calls.map((call) =>
        decide(
          port.rbac ?? [],
          seen({ ...call, trustDomain }, host, Number(number), http, protocolOf(manifests, host, Number(number))),
        ).charAt(0),
      );
      return [
        `${key} ${number}/${kind}`,
        { tls: tlsOf(port, http), upstream: upstreamOf(port, Number(number)), calls: verdicts.join('') },
      ];
    }),
  );
}

/** A waypoint keeps one service for each host, and which of two namespaces' differs even between its listeners and its clusters. */
function hasRival({ host, waypoint, serviceEntry }: HostReport, { hosts, services = [] }: Report): boolean {
  const namespace = serviceEntry.split('/')[0];
  if (
    services.some(
      (other) => other.host === host && other.waypoint === waypoint && !other.service.startsWith(`${namespace}/`),
    )
  )
    return true;
  return hosts.some(
    (other) =>
      other.host === host &&
      other.waypoint === waypoint &&
      !other.error?.startsWith('shadowed') &&
      other.serviceEntry.split('/')[0] !== namespace,
  );
}

function protocolOf(manifests: readonly Manifest[], host: HostReport, number: number): string | undefined {
  interface Entry {
    readonly kind: string;
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly spec: { readonly ports: readonly { readonly number: number; readonly protocol?: string }[] };
  }
  const entry = (manifests as readonly unknown[] as readonly Entry[]).find(
    ({ kind, metadata }) => kind === 'ServiceEntry' && `${metadata.namespace}/${metadata.name}` === host.serviceEntry,
  );
  return entry?.spec.ports.find((port) => port.number === number)?.protocol;
}

function seen(
  call: Call & { readonly trustDomain: string },
  host: HostReport,
  port: number,
  http: boolean,
  protocol: string | undefined,
): Seen {
  const path = new URL(`http://x${call.path}`);
  return {
    principal: `spiffe://${call.trustDomain}/ns/${call.namespace}/sa/${call.serviceAccount}`,
    sourceIp: call.ip,
    destinationIp: host.addresses?.[0]?.split('/')[0] ?? '203.0.113.9',
    destinationPort: port,
    serverName: serverNameOf(call, host.host, protocol) ?? '',
    headers: http
      ? new Map([
          ...Object.entries(call.headers),
          [':method', call.method],
          [':path', path.pathname + path.search],
          [':authority', authorityOf(call, host.host, port)],
        ])
      : new Map(),
  };
}

function upstreamOf({ routes }: PortReport, number: number): string {
  const cluster = routes?.[0]?.cluster;
  if (!cluster?.name) return '';
  if (cluster.type === 'ORIGINAL_DST') return `(dialled):${cluster.portOverride ?? number}`;
  if (cluster.type === 'envoy.clusters.dynamic_forward_proxy') return '(request)';
  return [...new Set(cluster.endpoints ?? [])].sort().join(',');
}

/** Options of HTTP mean nothing behind a TCP chain. */
function tlsOf({ routes }: PortReport, http: boolean): string {
  const cluster = routes?.[0]?.cluster;
  if (!cluster?.name) return 'no cluster';
  const { tls } = cluster;
  if (!tls) return 'plain';
  return describeTls(reportedTls(tls, http));
}
