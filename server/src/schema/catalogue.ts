// Which kinds Istio and the Gateway API have, in which versions of which release. Other groups are none of our business, except
// where a kind of ours was written under them by mistake.
import { flatText } from '../base/flat-text.ts';
import { keptIn } from '../base/kept-for.ts';
import { nearest } from '../base/nearest.ts';
import { indexText } from './texts.gen.ts';

interface VersionEntry {
  /** Name of its schema; undefined for what is known by name only. */
  readonly schema?: string;
  /** First release that serves it: Istio's for Istio's kinds, the Gateway API's for its own. */
  readonly since?: string;
  readonly until?: string;
  readonly channel?: 'experimental';
}

interface KindEntry {
  readonly scope: 'Namespaced' | 'Cluster';
  /** Newest first. */
  readonly versions: Readonly<Record<string, VersionEntry>>;
}

export interface Name {
  readonly apiVersion: string;
  readonly kind: string;
}

export type Lookup =
  | {
      readonly state: 'known';
      readonly schema: string | undefined;
      readonly successor: string | undefined;
      readonly sameShape: boolean;
    }
  /** `why` says what is wrong with the name; `nearest` is the name that is probably intended. */
  | { readonly state: 'unknown'; readonly why: Why; readonly nearest: Name | undefined }
  /** Not of Istio and not of the Gateway API. */
  | { readonly state: 'foreign' };

type Why =
  | { readonly part: 'kind' }
  | { readonly part: 'version'; readonly served: readonly string[] }
  | { readonly part: 'group' }
  | { readonly part: 'release'; readonly since: string }
  | { readonly part: 'removed' };

interface Index {
  readonly releases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly groups: Readonly<Record<string, Readonly<Record<string, KindEntry>>>>;
}

const { releases, groups }: Index = JSON.parse(indexText) as Index;

/** Minor versions of Istio that have schemas, oldest first. */
export const istioVersions: readonly string[] = Object.keys(releases);

/** Groups with kinds that come and go between releases: what is not listed is not judged. */
const openGroups: ReadonlySet<string> = new Set(['gateway.networking.x-k8s.io']);

/** Groups that Istio and the Gateway API gave up; the kinds went elsewhere or nowhere. */
const removedGroups: ReadonlySet<string> = new Set([
  'authentication.istio.io',
  'config.istio.io',
  'rbac.istio.io',
  'networking.x-k8s.io',
]);

/** Groups of Kubernetes itself: none of them has a kind named as one of ours. */
const kubernetesGroups: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
]);

interface LastLookup {
  readonly apiVersion: string;
  readonly istioVersion: string;
  readonly found: Lookup;
}

/** The last answers about each kind: a workspace asks for a few kinds thousands of times, each in one version or two. */
const lookups = new Map<string, readonly LastLookup[]>();
/** Files can hold any number of names. */
const mostKinds = 1000;
const mostOfKind = 4;

export function lookUp(apiVersion: string, kind: string, istioVersion: string): Lookup {
  const last = lookups.get(kind);
  for (const one of last ?? [])
    if (one.apiVersion === apiVersion && one.istioVersion === istioVersion) return one.found;
  const found = lookUpAnew(apiVersion, kind, istioVersion);
  if (lookups.size >= mostKinds) lookups.clear();
  const made = { apiVersion: flatText(apiVersion), istioVersion, found };
  lookups.set(flatText(kind), last ? [made, ...last.slice(0, mostOfKind - 1)] : [made]);
  return found;
}

function lookUpAnew(apiVersion: string, kind: string, istioVersion: string): Lookup {
  const { group, version } = split(apiVersion);
  const kinds = Object.hasOwn(groups, group) ? groups[group] : undefined;
  if (!kinds) return lookUpOutside(group, kind, istioVersion);
  const entry = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (entry) return lookUpVersion(group, kind, version, entry, istioVersion);
  if (openGroups.has(group) || isListOf(kinds, kind)) return { state: 'foreign' };
  return { state: 'unknown', why: { part: 'kind' }, nearest: nearestName(group, kinds, kind, istioVersion) };
}

/** True for kinds that the catalogue names, in any version. */
function isCatalogued(apiVersion: string, kind: string): boolean {
  const { group } = split(apiVersion);
  return Object.hasOwn(groups, group) && Object.hasOwn(groups[group]!, kind);
}

/** Name of the schema of a kind; that of its newest version where this one has none. */
export function schemaName(apiVersion: string, kind: string): string | undefined {
  if (!isCatalogued(apiVersion, kind)) return undefined;
  const { group, version } = split(apiVersion);
  const { versions } = groups[group]![kind]!;
  return (versions[version] ?? Object.values(versions)[0])?.schema;
}

/** Every kind with the apiVersion to write for it in this release, for completion. */
export function servedKinds(istioVersion: string): readonly Name[] {
  return Object.entries(groups).flatMap(([group, kinds]) =>
    Object.keys(kinds).flatMap((kind) => newest(group, kind, istioVersion) ?? []),
  );
}

function lookUpVersion(group: string, kind: string, version: string, entry: KindEntry, istioVersion: string): Lookup {
  const written = Object.hasOwn(entry.versions, version) ? entry.versions[version] : undefined;
  const preferred = newest(group, kind, istioVersion);
  if (!written)
    return {
      state: 'unknown',
      why: { part: 'version', served: servedVersions(group, entry, istioVersion) },
      nearest: preferred,
    };
  // The Gateway API is installed separately from Istio, in any version: a newer version than the target's is not a fault.
  if (isIstio(group) && written.since !== undefined && isNewer(written.since, istioVersion)) {
    return { state: 'unknown', why: { part: 'release', since: written.since }, nearest: preferred };
  }
  const successor =
    preferred && split(preferred.apiVersion).version === 'v1' && version !== 'v1' ? preferred.apiVersion : undefined;
  return {
    state: 'known',
    schema: written.schema,
    successor,
    sameShape: entry.versions['v1']?.schema === written.schema,
  };
}

function lookUpOutside(group: string, kind: string, istioVersion: string): Lookup {
  const owners = Object.keys(groups).filter((known) => Object.hasOwn(groups[known]!, kind));
  if (removedGroups.has(group))
    return {
      state: 'unknown',
      why: { part: 'removed' },
      nearest: owners[0] === undefined ? undefined : newest(owners[0], kind, istioVersion),
    };
  const slip = nearest(group, owners, { maxDistance: 2 });
  const suggestion = slip ?? (kubernetesGroups.has(group) ? owners.at(-1) : undefined);
  return suggestion === undefined
    ? { state: 'foreign' }
    : { state: 'unknown', why: { part: 'group' }, nearest: newest(suggestion, kind, istioVersion) };
}

/** The same kind in the group it belongs to, else the most alike of this group, else of all. */
function nearestName(
  group: string,
  kinds: Readonly<Record<string, KindEntry>>,
  kind: string,
  istioVersion: string,
): Name | undefined {
  const elsewhere = Object.keys(groups).find((other) => !openGroups.has(other) && Object.hasOwn(groups[other]!, kind));
  if (elsewhere !== undefined) return newest(elsewhere, kind, istioVersion);
  const here = nearest(kind, Object.keys(kinds));
  if (here !== undefined) return newest(group, here, istioVersion);
  for (const [other, others] of Object.entries(groups)) {
    const alike = openGroups.has(other) ? undefined : nearest(kind, Object.keys(others));
    if (alike !== undefined) return newest(other, alike, istioVersion);
  }
  return undefined;
}

/** The newest version of a kind that the release serves. */
function newest(group: string, kind: string, istioVersion: string): Name | undefined {
  const version = servedVersions(group, groups[group]![kind]!, istioVersion)[0];
  return version === undefined ? undefined : { apiVersion: `${group}/${version}`, kind };
}

function servedVersions(group: string, { versions }: KindEntry, istioVersion: string): readonly string[] {
  const target = isIstio(group) ? istioVersion : gatewayApiOf(istioVersion);
  return Object.entries(versions)
    .filter(
      ([, { since, until }]) =>
        (since === undefined || !isNewer(since, target)) && (until === undefined || !isNewer(target, until)),
    )
    .map(([version]) => version);
}

/** The Gateway API that a release of Istio is built against; releases that are not listed count as the nearest that is. */
function gatewayApiOf(istioVersion: string): string {
  const known = istioVersions.findLast((listed) => !isNewer(listed, istioVersion)) ?? istioVersions[0]!;
  return releases[known]!['sigs.k8s.io/gateway-api']!.replace(/^v/, '');
}

/** Compares minor versions such as `1.9` and `1.31`; patch versions are ignored. */
export function isNewer(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = numbersIn(a);
  const [majorB = 0, minorB = 0] = numbersIn(b);
  return majorA !== majorB ? majorA > majorB : minorA > minorB;
}

/** Of versions in schemas and settings, of which there are few. */
const numbers = new Map<string, readonly number[]>();

function numbersIn(version: string): readonly number[] {
  return keptIn(numbers, version, () => version.split('.').map(Number));
}

function isIstio(group: string): boolean {
  return group.endsWith('.istio.io');
}

/** `ServiceEntryList`: what `kubectl get -o yaml` of old wrote. */
function isListOf(kinds: Readonly<Record<string, KindEntry>>, kind: string): boolean {
  return kind.endsWith('List') && Object.hasOwn(kinds, kind.slice(0, -'List'.length));
}

function split(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(0, slash)), version: apiVersion.slice(slash + 1) };
}
