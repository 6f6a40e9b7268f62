// The clients whose requests are followed: one for each kind that the files know, and a captured one that is assumed.
import { filterInSteps } from '../../base/steps.ts';
import { assumedNamespace, mostHosts } from '../../eval/trace/declared-requests.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { namespaceDataPlane, namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { servicesFor } from '../../mesh/clients/sidecar-scope.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import { isExportedTo, isHiddenFrom, scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { hasOnlyGateways } from './gateway-namespaces.ts';
import { isAmbientHere, isIntendedForAmbient } from './intent.ts';

type Entry = Resource<'ServiceEntry'>;

export interface EntryClient {
  readonly namespace: string;
  /**
   * `own`: in the namespace of the entry, or captured where the entry is meant for captured clients. `other`: the files know such
   * clients elsewhere; nothing says that they call the host.
   */
  readonly kind: 'own' | 'other';
}

/** The number of namespaces that are checked before none is assumed to be of the kind. */
export const mostTried = 20;
/** So many namespaces with DestinationRules of their own for the hosts are followed; other namespaces have one for all. */
const mostWithRules = 4;

/** What sidecars do is another matter than what ztunnel does, so each kind is assumed only where something shows it. */
export function clientsOf(mesh: Mesh, entry: Entry): readonly EntryClient[] {
  const isMeant =
    bindWaypoint(mesh, entry).state === 'bound' || isIntendedForAmbient(mesh, entry) || isAmbientHere(mesh, entry);
  const isInjected = namespaceDataPlane(mesh, entry.namespace).mode === 'sidecar';
  return [
    ...(isMeant ? captured(mesh, entry, 'own') : []),
    ...(isInjected ? [{ namespace: entry.namespace, kind: 'own' } as const] : []),
    ...(isMeant ? [] : capturedElsewhere(mesh, entry)),
    ...sidecarsElsewhere(mesh, entry).map((namespace) => ({ namespace, kind: 'other' }) as const),
  ];
}

/** A client that sees the ServiceEntry: an unnamed one, or the first captured namespace to which it is exported. */
function captured(mesh: Mesh, entry: Entry, kind: EntryClient['kind']): readonly EntryClient[] {
  const scope = captureScope(mesh, entry);
  if (scope === undefined) return [{ namespace: assumedNamespace, kind }];
  const namespace = scope.find((one) => {
    const plane = namespaceDataPlane(mesh, one);
    return plane.mode === 'ambient' || (plane.mode === 'unknown' && plane.because === 'not-described');
  });
  return namespace === undefined ? [] : [{ namespace, kind }];
}

/** The namespaces whose captured clients are meant; undefined for all. Those that ztunnel does not tell of the entry are none of them. */
function captureScope(mesh: Mesh, entry: Entry): readonly string[] | undefined {
  const scope = exportScope(mesh, entry);
  if (!isHiddenFrom(mesh, entry.namespace, assumedNamespace)) return scope;
  const own = isHiddenFrom(mesh, entry.namespace, entry.namespace) ? [] : [entry.namespace];
  return scope ? own.filter((one) => scope.includes(one)) : own;
}

/** ztunnel ignores `exportTo`, but it shows the intended clients. */
function capturedElsewhere(mesh: Mesh, entry: Entry): readonly EntryClient[] {
  const namespace = first(
    namespacesJoining(mesh, 'ambient'),
    (one) => isExportedTo(mesh, entry, one) && !isHiddenFrom(mesh, entry.namespace, one),
  );
  return namespace === undefined ? [] : [{ namespace, kind: 'other' }];
}

/** Other namespaces with sidecars that get the entry: those with rules of their own for a host, and one for all others. */
export function sidecarsElsewhere(mesh: Mesh, entry: Entry): readonly string[] {
  const hosts = hostsOfEntry(entry)
    .filter((host) => host !== '*')
    .slice(0, mostHosts);
  const isClient = (namespace: string) =>
    namespace !== entry.namespace &&
    !hasOnlyGateways(mesh, namespace) &&
    isExportedTo(mesh, entry, namespace) &&
    hosts.some((host) => servicesFor(mesh, { namespace, labels: new Map() }, host)?.includes(entry));
  const withRules = upTo(mostWithRules, firstNames(mostTried, sidecarNamespacesWithRules(mesh, hosts)), isClient);
  const scope = exportScope(mesh, entry);
  const candidates =
    scope?.filter((one) => namespaceDataPlane(mesh, one).mode === 'sidecar') ?? namespacesJoining(mesh, 'sidecar');
  const other = first(candidates, (one) => !withRules.includes(one) && isClient(one));
  return other === undefined ? withRules : [...withRules, other];
}

/**
 * Other namespaces with sidecars that the entry is meant for, and whose Sidecar resource does not import it: those that `exportTo` names, and
 * those with a route or DestinationRule for a host. Where the files show no client at all, the first that sees the entry.
 */
export function cutOffFrom(mesh: Mesh, entry: Entry): readonly string[] {
  const hosts = hostsOfEntry(entry)
    .filter((host) => host !== '*')
    .slice(0, mostHosts);
  const isCutOff = (namespace: string) =>
    namespace !== entry.namespace &&
    namespaceDataPlane(mesh, namespace).mode === 'sidecar' &&
    !hasOnlyGateways(mesh, namespace) &&
    isExportedTo(mesh, entry, namespace) &&
    hosts.some((host) => servicesFor(mesh, { namespace, labels: new Map() }, host)?.includes(entry) === false);
  const meant = firstNames(mostTried, [exportScope(mesh, entry) ?? [], ...namespacesNaming(mesh, hosts)]);
  const found = upTo(mostWithRules, meant, isCutOff);
  if (found.length > 0 || clientsOf(mesh, entry).length > 0) return found;
  const other = first(namespacesJoining(mesh, 'sidecar'), isCutOff);
  return other === undefined ? [] : [other];
}

/** Of DestinationRules and of VirtualServices for the hosts, a list for each pattern. */
function namespacesNaming(mesh: Mesh, hosts: readonly string[]): readonly (readonly string[])[] {
  return hosts
    .flatMap(patternsFor)
    .map((pattern) =>
      mesh.derivedOf(`namespaces with routes and rules for ${pattern}`, pattern, namespacesNamingPattern),
    );
}

function namespacesNamingPattern(mesh: Mesh, pattern: string): readonly string[] {
  const all = [...mesh.destinationRulesAnywhere(pattern), ...mesh.virtualServices(pattern)];
  return [...new Set(all.map(({ namespace }) => namespace))];
}

/** A list for each pattern. */
function sidecarNamespacesWithRules(mesh: Mesh, hosts: readonly string[]): readonly (readonly string[])[] {
  return hosts
    .flatMap(patternsFor)
    .map((pattern) => mesh.derivedOfInSteps(`sidecars with rules for ${pattern}`, pattern, sidecarsWithRulesFor));
}

/** All teams can have rules for one wildcard. */
function* sidecarsWithRulesFor(mesh: Mesh, pattern: string): Generator<undefined, readonly string[]> {
  const namespaces = new Set(mesh.destinationRulesAnywhere(pattern).map(({ namespace }) => namespace));
  return yield* filterInSteps([...namespaces], (one) => namespaceDataPlane(mesh, one).mode === 'sidecar');
}

/** Of lists that can be long, without reading on when there are enough. */
function firstNames(most: number, lists: readonly (readonly string[])[]): readonly string[] {
  const found = new Set<string>();
  for (const list of lists)
    for (const name of list) {
      if (found.size === most) return [...found];
      found.add(name);
    }
  return [...found];
}

function upTo(most: number, names: readonly string[], isWanted: (name: string) => boolean): readonly string[] {
  const found: string[] = [];
  for (const name of names) {
    if (found.length === most) break;
    if (isWanted(name)) found.push(name);
  }
  return found;
}

/** Undefined where all namespaces see the entry. */
function exportScope(mesh: Mesh, entry: Entry): readonly string[] | undefined {
  const scope = scopeOf(mesh, entry);
  if (scope === 'everywhere') return undefined;
  return scope === 'nowhere' ? [] : [...scope];
}

function first(names: Iterable<string>, isWanted: (name: string) => boolean): string | undefined {
  let tried = 0;
  for (const name of names) {
    if (tried++ >= mostTried) return undefined;
    if (isWanted(name)) return name;
  }
  return undefined;
}
