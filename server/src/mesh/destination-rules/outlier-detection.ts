// The outlierDetection that crashes istiod: it has no place in the cluster of names that are resolved as they are called.
// server/docs/istio-semantics.md §12.25.
import { addToGroup } from '../../base/group-by.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import type { TrafficPolicy } from '../../model/specs.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import { sidecarsCouldApply } from '../clients/sidecar-rule-reach.ts';
import { hostsOfEntry } from '../hosts/hosts-of-entry.ts';
import { ownersCoveredBy } from '../hosts/owners-covered-by.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';
import { chooseRule } from './destination-rule-for.ts';
import type { Merged } from './merge-rules.ts';
import { ruleHost } from './rule-host.ts';

type Entry = Resource<'ServiceEntry'>;
type DestinationRule = Resource<'DestinationRule'>;

/** One `outlierDetection` of a rule, by its key. */
interface OutlierSetting {
  readonly path: FieldPath;
  readonly at: Span;
  readonly isOfSubset: boolean;
  /** Whether it is in force on that port. */
  readonly holdsFor: (port: number) => boolean;
}

/** Settings of a port inherit none. istio@86c9f01 pilot/pkg/networking/util/util.go GetPortLevelTrafficPolicy, MergeSubsetTrafficPolicy. */
function outlierSettingsOf({ spec }: DestinationRule): readonly OutlierSetting[] {
  return [
    ...settingsIn(spec.trafficPolicy, ['spec', 'trafficPolicy'], false),
    ...spec.subsets.flatMap(({ trafficPolicy }, i) =>
      settingsIn(trafficPolicy, ['spec', 'subsets', i, 'trafficPolicy'], true),
    ),
  ];
}

function settingsIn(
  policy: TrafficPolicy | undefined,
  path: FieldPath,
  isOfSubset: boolean,
): readonly OutlierSetting[] {
  if (!policy) return [];
  const { outlierDetection: at, portLevelSettings } = policy;
  const firstFor = (number: number) => portLevelSettings.find(({ port }) => port?.value === number);
  return [
    ...(at
      ? [{ path: [...path, 'outlierDetection'], at, isOfSubset, holdsFor: (port: number) => !firstFor(port) }]
      : []),
    ...portLevelSettings.flatMap((setting) =>
      setting.outlierDetection
        ? [
            {
              path: [...path, 'portLevelSettings', setting.index, 'outlierDetection'],
              at: setting.outlierDetection,
              isOfSubset,
              holdsFor: (port: number) => firstFor(port) === setting,
            },
          ]
        : [],
    ),
  ];
}

/** Who makes istiod read the setting for the host. */
type CrashAt =
  | { readonly by: 'waypoint'; readonly gateway: Resource<'Gateway'>; readonly isCertain: boolean }
  /** Any sidecar or gateway in whose namespace the rule is looked up. */
  | { readonly by: 'sidecars' };

interface DynamicHost {
  readonly entry: Entry;
  readonly host: string;
}

export interface Crash extends DynamicHost {
  readonly setting: OutlierSetting;
  readonly at: CrashAt;
}

/**
 * The first host for which istiod crashes on each setting of the rule: one at a waypoint, or else one at sidecars.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_traffic_policy.go applyOutlierDetection, cluster_builder.go buildDFPCluster (without
 * CommonLbConfig), cluster_waypoint.go buildWaypointInboundVIP, cluster.go buildOutboundClusters.
 */
export function crashesOf(mesh: Mesh, rule: DestinationRule): readonly Crash[] {
  const pattern = ruleHost(rule, mesh.settings.clusterDomain);
  return outlierSettingsOf(rule).flatMap(
    (setting) =>
      firstCrash(mesh, { rule, setting, by: 'waypoint' }, hostsAtWaypoints(mesh, pattern).get(rule.id) ?? []) ??
      firstCrash(mesh, { rule, setting, by: 'sidecars' }, dynamicHosts(mesh, pattern)) ??
      [],
  );
}

/** For one entry, at proxies of that kind. */
export function crashFor(mesh: Mesh, rule: DestinationRule, entry: Entry, by: CrashAt['by']): Crash | undefined {
  const settings = outlierSettingsOf(rule);
  if (settings.length === 0 || !isDynamic(entry)) return undefined;
  const pattern = ruleHost(rule, mesh.settings.clusterDomain);
  const hosts = hostsOfEntry(entry).filter((host) => host.startsWith('*') && isCovered(host, pattern));
  const own = hosts.map((host) => ({ entry, host }));
  return settings.map((setting) => firstCrash(mesh, { rule, setting, by }, own)).find((crash) => crash !== undefined);
}

function isDynamic({ spec }: Entry): boolean {
  return spec.resolution?.value === 'DYNAMIC_DNS';
}

/** A rule for a name below a wildcard is never looked up for the wildcard. */
function isCovered(host: string, pattern: string): boolean {
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}

function dynamicHosts(mesh: Mesh, pattern: string): readonly DynamicHost[] {
  if (!pattern.startsWith('*')) return [];
  return mesh.derived(`dynamic hosts ${pattern}`, (view) =>
    ownersCoveredBy(view, pattern).flatMap(({ resource, host }) =>
      resource.kind === 'ServiceEntry' && isDynamic(resource) && host.startsWith('*')
        ? [{ entry: resource, host }]
        : [],
    ),
  );
}

/** By each rule that the waypoint of the host may apply: of thousands of rules for one host, not each looks at each entry of it. */
function hostsAtWaypoints(mesh: Mesh, pattern: string): ReadonlyMap<number, readonly DynamicHost[]> {
  return mesh.derived(`dynamic hosts ${pattern} at waypoints`, (view) => {
    const byRule = new Map<number, [DynamicHost, ...DynamicHost[]]>();
    for (const on of dynamicHosts(view, pattern)) {
      const rules = (foundAt(view, on)?.found ?? []).flatMap(({ rule, subsets }) => [rule, ...subsets.values()]);
      for (const id of new Set(rules.flatMap((one) => one?.id ?? []))) addToGroup(byRule, id, on);
    }
    return byRule;
  });
}

interface Question {
  readonly rule: DestinationRule;
  readonly setting: OutlierSetting;
  readonly by: CrashAt['by'];
}

function firstCrash(mesh: Mesh, question: Question, hosts: readonly DynamicHost[]): Crash | undefined {
  const atProxies = question.by === 'waypoint' ? atWaypoint : atSidecars;
  for (const on of hosts) {
    const at = atProxies(mesh, question, on);
    if (at) return { ...on, setting: question.setting, at };
  }
  return undefined;
}

function atWaypoint(mesh: Mesh, { rule, setting }: Question, on: DynamicHost): CrashAt | undefined {
  const protocols = mesh.settings.wildcardTls ? ['HTTP', 'TLS'] : ['HTTP'];
  if (!since(mesh.settings, '1.28') || !isOnPort(on.entry, setting, protocols)) return undefined;
  const there = foundAt(mesh, on);
  if (!there) return undefined;
  const counts = there.found.map(({ rule: first, subsets }) =>
    setting.isOfSubset ? [...subsets.values()].includes(rule) : first === rule,
  );
  return counts.includes(true)
    ? { by: 'waypoint', gateway: there.gateway, isCertain: !counts.includes(false) }
    : undefined;
}

/** What the waypoint of the entry finds for the host; undefined where it has none, or finds nothing. */
function foundAt(
  mesh: Mesh,
  { entry, host }: DynamicHost,
): { readonly gateway: Resource<'Gateway'>; readonly found: readonly Merged[] } | undefined {
  const binding = bindWaypoint(mesh, entry);
  const { lookup } = chooseRule(mesh, entry, host, binding);
  return binding.state === 'bound' && lookup?.state === 'found'
    ? { gateway: binding.gateway, found: lookup.found }
    : undefined;
}

/** They have no clusters of subsets for such a host. */
function atSidecars(mesh: Mesh, { rule, setting }: Question, { entry }: DynamicHost): CrashAt | undefined {
  const isRead =
    !setting.isOfSubset &&
    since(mesh.settings, '1.30') &&
    isOnPort(entry, setting, ['HTTP', 'TLS', 'HTTP2', 'GRPC']) &&
    sidecarsCouldApply(mesh, rule, entry);
  return isRead ? { by: 'sidecars' } : undefined;
}

function isOnPort({ spec }: Entry, { holdsFor }: OutlierSetting, protocols: readonly string[]): boolean {
  return spec.ports.some(
    ({ number, protocol }) =>
      number && protocols.includes(protocol?.value.toUpperCase() ?? '') && holdsFor(number.value),
  );
}
