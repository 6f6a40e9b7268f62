// What is asked of a random mesh: each host on each of its ports and one that is not listed, in the clear and with TLS, from clients
// that ztunnel leads to a waypoint; with what trace says of each.
import { authorityOf, clientSni } from '../../server/src/eval/trace/client-bytes.ts';
import { authorization } from '../../server/src/eval/trace/stages/authorization.ts';
import type { TraceRequest } from '../../server/src/eval/trace/request.ts';
import type { Trace } from '../../server/src/eval/trace/step.ts';
import { trace } from '../../server/src/eval/trace/trace.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { ownersAt } from '../../server/src/mesh/routes/waypoint-connections.ts';
import { meshFromYaml, resourcesFromYaml } from '../kit/mesh-from-yaml.ts';
import { asStored } from '../oracle/ask.ts';
import type { Profile, Sample } from '../oracle/generate.ts';
import type { Manifest } from '../oracle/manifests.ts';
import { clients as usualClients } from '../oracle/queried-names.ts';
import type { HostReport, PortReport, Report } from '../oracle/report.ts';
import { settingsOf } from '../oracle/settings.ts';
import { refused, theirAnswer } from '../oracle/theirs.ts';
import { captured } from '../oracle/trace.ts';
import { copiesOf } from './copies.ts';
import { renamedHost } from './changed-request.ts';
import { patienceFor, type Patience } from './slow-sites.ts';
import type { Query, SiteCertificate } from './messages.ts';

export interface Question {
  readonly query: Query;
  readonly trace: Trace;
  /** Of a proxy of bytes, which connects before it asks its policies: what it comes to where the site ends the connection first. */
  readonly orElse?: Trace | undefined;
  /** Several objects with the host are bound to the waypoint: which of them the waypoint's listeners and clusters keep is left open, and they may differ. */
  readonly isShared: boolean;
  /** What the site's certificate is, where it is not the one that fits; or what else the site does. */
  readonly variant?: SiteVariant;
  /** What the route says of a site that does not answer. */
  readonly patience?: Patience;
}
export type SiteVariant = CertificateVariant | 'silent' | 'failing';
export type CertificateVariant = 'self-signed' | 'expired' | 'other-name' | 'other-authority';

export interface MeshQuestions {
  readonly mesh: Mesh;
  readonly questions: readonly Question[];
}

/** Hosts that the client is led past waypoints are left out: what ztunnel does with them is not asked here. */
export function questionsOf(sample: Sample, report: Report, profile: Profile): MeshQuestions {
  const without = refused(report);
  const text = sample.manifests
    .filter((_, i) => !without.has(i))
    .map((one) => JSON.stringify(asStored(captured(one))))
    .join('\n---\n');
  const settings = { ...settingsOf(sample, profile), extensionProviders: ['authz'] };
  const { mesh } = meshFromYaml(text, { settings });
  const names = namesOf(sample);
  const clients = profile.clients ?? usualClients;
  const { services } = theirAnswer(sample, report, { ...profile, names });
  const places = clients.flatMap((client) =>
    names.flatMap((name) =>
      placesOf(sample, report, {
        client,
        name,
        entry: services[`${client} > ${name}`],
        isQuiet: profile.asks === 'logs',
        isPlain: profile.asks === 'policies',
      }),
    ),
  );
  const calls = sample.calls.filter(({ namespace }) => clients.some((client) => client === namespace));
  const rounds = places.length > 0 ? Math.max(places.length, calls.length) : 0;
  const questions = Array.from({ length: rounds }, (_, i) => {
    const place = places[i % places.length]!;
    const own = calls.filter(({ namespace }) => namespace === place.client);
    return asked(mesh, place, { ...plainCall, ...own[i % Math.max(1, own.length)], namespace: place.client });
  }).flat();
  return { mesh, questions: [...questions, ...slowSites(sample, questions)] };
}

/** A few are enough: each takes as long as the timeout. */
const mostSilent = 2;
const mostFailing = 4;

function slowSites({ manifests }: Sample, questions: readonly Question[]): readonly Question[] {
  const found = questions.flatMap((question): readonly (Question & { readonly patience: Patience })[] => {
    const { trace: result, query, variant } = question;
    const isPlainHttp = query.scheme === 'http' && result.log?.status === 200 && query.copies === 0;
    const patience = !variant && isPlainHttp ? patienceFor(result, manifests) : undefined;
    return patience ? [{ ...question, patience }] : [];
  });
  const ending = found.filter(({ patience }) => patience.ends).slice(0, mostSilent);
  return [
    ...ending.map((one) => changed(one, 'silent')),
    ...found.slice(0, mostFailing).map((one) => changed(one, 'failing')),
  ];
}

function changed(question: Question, site: 'silent' | 'failing'): Question {
  const { query } = question;
  return { ...question, query: { ...query, id: `${query.id} (${site})`, site }, variant: site };
}

/** What an API server would take: the generator is asked about the rest only, and every proxy logs. */
export function inForce(sample: Sample): Sample {
  const isRefused = (one: Manifest): boolean => resourcesFromYaml(JSON.stringify(one)).some(({ refused: why }) => why);
  return {
    ...sample,
    manifests: sample.manifests.filter((one) => !isRefused(asStored(one))),
    mesh: { ...sample.mesh, accessLogFile: '/dev/stdout' },
  };
}

export const plainCall: Sample['calls'][number] = {
  namespace: 'clients',
  serviceAccount: 'curl',
  ip: '10.1.2.3',
  method: 'GET',
  path: '/',
  authority: undefined,
  withPort: false,
  headers: {},
  sni: undefined,
};

export interface Place {
  readonly client: string;
  readonly name: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly host: HostReport;
  readonly isQuiet: boolean;
  /** What the waypoint has for the port. */
  readonly chains: readonly PortReport[];
}

function placesOf(
  { manifests }: Sample,
  { hosts, waypoints }: Report,
  { client, name, entry, isQuiet, isPlain }: Asker,
): readonly Place[] {
  const host = hosts
    .filter(({ serviceEntry, waypoint, error }) => serviceEntry === entry && waypoint && !error?.startsWith('shadowed'))
    .find((one) => one.host === name || (one.host.startsWith('*') && name.endsWith(one.host.slice(1))));
  // Proxies of another class are not Istio's to configure.
  if (!host || !addressOf(host) || !waypoints.some(({ waypoint }) => waypoint === host.waypoint)) return [];
  const found = manifests.find(
    ({ kind, metadata }) =>
      kind === 'ServiceEntry' && `${(metadata as Names).namespace}/${(metadata as Names).name}` === host.serviceEntry,
  );
  const { ports = [] } = found!['spec'] as {
    readonly ports?: readonly { readonly number: number; readonly protocol?: string }[];
  };
  const all = waypoints.find(({ waypoint }) => waypoint === host.waypoint)?.ports ?? [];
  const placeAt = (port: number, scheme: Place['scheme']): Place => {
    const chains = all.filter(
      ({ chain }) => chain.startsWith(`inbound-vip|${port}|`) && chain.endsWith(`|${host.host}`),
    );
    return { client, name, port, scheme, host, chains, isQuiet };
  };
  if (isPlain) return ports.map(({ number: port, protocol }) => placeAt(port, protocol === 'TLS' ? 'https' : 'http'));
  return [...ports.map(({ number }) => number), unlisted].flatMap((port) =>
    (['http', 'https'] as const).map((scheme) => placeAt(port, scheme)),
  );
}

interface Asker extends Pick<Place, 'client' | 'name' | 'isQuiet'> {
  readonly entry: string | undefined;
  /** Listed ports alone, each in its own protocol. */
  readonly isPlain: boolean;
}

interface Names {
  readonly namespace: string;
  readonly name: string;
}

const unlisted = 7777;

/** Where a name of the host leads: never a range, which no name resolves to. */
function addressOf({ addresses = [] }: HostReport): string | undefined {
  return addresses.find((one) => !one.includes('/') && !one.includes(':'));
}

/** Of every entry; under a wildcard one name. */
function namesOf({ manifests }: Sample): readonly string[] {
  const hosts = manifests.flatMap(({ kind, spec }: Manifest) =>
    kind === 'ServiceEntry' ? (spec as { readonly hosts: readonly string[] }).hosts : [],
  );
  return [...new Set(hosts.map((host) => host.replace(/^\*/, 'deep')))];
}

/** One call to one place, and what else is asked of it. */
export function asked(mesh: Mesh, place: Place, call: Sample['calls'][number]): readonly Question[] {
  const request: TraceRequest = {
    scheme: place.scheme,
    host: place.name,
    port: place.port,
    path: call.path,
    method: call.method,
    headers: new Map([
      ...Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value] as const),
      ...(call.authority === undefined
        ? []
        : [['host', call.withPort ? `${call.authority}:${place.port}` : call.authority] as const]),
    ]),
    sni: place.scheme === 'https' ? call.sni : undefined,
    from: { namespace: call.namespace, serviceAccount: call.serviceAccount, labels: new Map() },
  };
  const { trace: result, orElse } = asBytesEnd(mesh, request);
  // ztunnel does not get as far as the waypoint.
  if ([result, ...result.candidates].some(({ cause }) => cause === 'no-inbound-listener')) return [];
  const query: Query = {
    id: `${call.namespace}/${call.serviceAccount} ${call.method} ${place.scheme}://${place.name}:${place.port}${call.path}${call.authority ? ` as ${call.authority}` : ''}`,
    as: `spiffe://${mesh.settings.trustDomain}/ns/${call.namespace}/sa/${call.serviceAccount}`,
    ip: call.ip.includes(':') ? plainCall.ip : call.ip,
    way: 'tunnel',
    proxy: place.host.waypoint!,
    address: addressOf(place.host)!,
    port: place.port,
    scheme: place.scheme,
    method: call.method,
    path: call.path,
    authority: authorityOf(request),
    headers: call.headers,
    sni: request.sni ?? clientSni(request) ?? '',
    certificate: fitting(result, place, authorityOf(request)),
    plainPorts: plainPortsFor(result),
    isQuiet: place.isQuiet,
    lines: result.log || result.candidates.some(({ log }) => log) ? 1 : 0,
    copies: copiesOf(result).length,
  };
  const isShared = isSharedAt(mesh, place.host.waypoint!, place.host.host);
  return [{ query, trace: result, orElse, isShared }, ...variantsOf(query, result)];
}

function isSharedAt(mesh: Mesh, waypoint: string, host: string): boolean {
  const [namespace = '', name = ''] = waypoint.split('/');
  const [gateway] = mesh.named('Gateway', namespace, name);
  const { sure, open } = ownersAt(mesh, gateway!, host);
  return sure.length + open.length > 1;
}

/** Such a one as the trace says that the waypoint accepts; where it says nothing of TLS, as the waypoint's configuration does. */
function fitting(
  { upstream, candidates, steps, cause }: Trace,
  { chains, name }: Place,
  authority: string,
): SiteCertificate {
  const tls = [upstream, ...candidates.map((one) => one.upstream)].flatMap((one) => one?.tls ?? []);
  const configured = chains.flatMap(({ routes = [] }) => routes.flatMap(({ cluster }) => cluster.tls ?? []));
  const isSure = tls.length > 0 && (candidates.length === 0 || configured.length === 0);
  const roots = isSure ? tls.map((one) => one.roots ?? 'system') : configured.map(({ ca }) => ca ?? 'system');
  const bySecret = roots.some((one) => rootsOf(one) === 'secret');
  const names = isSure
    ? tls.flatMap(({ subjectAltNames }) => subjectAltNames)
    : configured.flatMap(({ sni, subjectAltNames = [] }) => [...subjectAltNames, ...(sni ? [sni] : [])]);
  // Where names are resolved as they are called, the host is compared too, whatever name is sent.
  const host = (renamedHost(steps) ?? authority).replace(/:\d+$/, '');
  const isPublic = [cause, ...candidates.map((one) => one.cause)].includes('server-name');
  return { by: bySecret ? 'secret' : 'system', names: [...names, name, host], isPublic };
}

/** Which of the authorities here those roots trust. */
export function rootsOf(roots: string): 'secret' | 'system' {
  const file = roots.replace(/^file-root:/, '');
  return file === 'system' || file === '/etc/ssl/certs/ca-certificates.crt' ? 'system' : 'secret';
}

/** 8080 may be either; it is what the trace takes it for. */
function plainPortsFor({ cause, candidates }: Trace): readonly number[] {
  const causes = [cause, ...candidates.map((one) => one.cause)];
  return causes.includes('tls-to-plaintext') ? [80, 8080] : [80];
}

/** Certificates that a waypoint accepts only if it does not look. */
export function variantsOf(query: Query, result: Trace): readonly Question[] {
  const { verdict, upstream } = result;
  if (verdict !== 'allowed' || !upstream?.tls) return [];
  const { by, names } = query.certificate;
  const variants: Readonly<Record<CertificateVariant, SiteCertificate>> = {
    'self-signed': { by: 'nobody', names },
    expired: { by, names, expired: true },
    'other-name': { by, names: ['nobody.invalid'], only: true },
    'other-authority': { by: by === 'system' ? 'secret' : 'system', names },
  };
  return Object.entries(variants).map(([variant, certificate]) => ({
    query: { ...query, id: `${query.id} (${variant})`, certificate },
    trace: result,
    isShared: false,
    variant: variant as CertificateVariant,
  }));
}

/** For a host without an endpoint a proxy of bytes closes the connection before it asks the policy that a trace names. */
function asBytesEnd(mesh: Mesh, request: TraceRequest): { readonly trace: Trace; readonly orElse?: Trace } {
  const found = trace(mesh, request);
  if (found.denial === undefined || found.log?.status !== undefined) return { trace: found };
  const unasked = trace(mesh, request, { skip: [authorization] });
  if (unasked.cause === 'no-endpoint') return { trace: unasked };
  return unasked.verdict === 'fails' ? { trace: found, orElse: unasked } : { trace: found };
}
