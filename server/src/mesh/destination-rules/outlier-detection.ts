// The outlierDetection that ends istiod: it has no place in the cluster of names that are resolved as they are called.
// server/docs/istio-semantics.md §12.25.
import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import type { TrafficPolicy } from '../../model/specs.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import { sidecarsCouldApply } from '../clients/sidecar-rule-reach.ts';
import { ownersCoveredBy } from '../hosts/owners-covered-by.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';
import { chooseRule } from './destination-rule-for.ts';
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

export interface Crash {
  readonly setting: OutlierSetting;
  readonly entry: Entry;
  readonly host: string;
  readonly at: CrashAt;
}

/**
 * Where istiod ends on settings of the rule: what waypoints make it read comes first.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_traffic_policy.go applyOutlierDetection, cluster_builder.go buildDFPCluster (without
 * CommonLbConfig), cluster_waypoint.go buildWaypointInboundVIP, cluster.go buildOutboundClusters.
 */
export function crashesOf(mesh: Mesh, rule: DestinationRule): readonly Crash[] {
  const settings = outlierSettingsOf(rule);
  if (settings.length === 0) return [];
  const hosts = dynamicHosts(mesh, ruleHost(rule, mesh.settings.clusterDomain));
  return [atWaypoint, atSidecars].flatMap((proxies) =>
    settings.flatMap((setting) =>
      hosts.flatMap((on) => {
        const at = proxies(mesh, { ...on, rule, setting });
        return at ? [{ setting, ...on, at }] : [];
      }),
    ),
  );
}

interface DynamicHost {
  readonly entry: Entry;
  readonly host: string;
}

/** Those that the pattern of a rule covers; a rule for a name below a wildcard is never looked up for the wildcard. */
function dynamicHosts(mesh: Mesh, pattern: string): readonly DynamicHost[] {
  if (!pattern.startsWith('*')) return [];
  return mesh.derived(`dynamic hosts ${pattern}`, (view) =>
    ownersCoveredBy(view, pattern).flatMap(({ resource, host }) =>
      resource.kind === 'ServiceEntry' && resource.spec.resolution?.value === 'DYNAMIC_DNS' && host.startsWith('*')
        ? [{ entry: resource, host }]
        : [],
    ),
  );
}

interface Question extends DynamicHost {
  readonly rule: DestinationRule;
  readonly setting: OutlierSetting;
}

function atWaypoint(mesh: Mesh, { entry, host, rule, setting }: Question): CrashAt | undefined {
  const protocols = mesh.settings.wildcardTls ? ['HTTP', 'TLS'] : ['HTTP'];
  if (!since(mesh.settings, '1.28') || !isOnPort(entry, setting, protocols)) return undefined;
  const binding = bindWaypoint(mesh, entry);
  const { lookup } = chooseRule(mesh, entry, host, binding);
  if (binding.state !== 'bound' || lookup?.state !== 'found') return undefined;
  const counts = lookup.found.map(({ rule: first, subsets }) =>
    setting.isOfSubset ? [...subsets.values()].includes(rule) : first === rule,
  );
  return counts.includes(true)
    ? { by: 'waypoint', gateway: binding.gateway, isCertain: !counts.includes(false) }
    : undefined;
}

/** They have no clusters of subsets for such a host. */
function atSidecars(mesh: Mesh, { entry, rule, setting }: Question): CrashAt | undefined {
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
