// For each cause of plaintext at a TLS port, what puts it right.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { NoTlsCause } from '../../../mesh/destination-rules/upstream-tls.ts';
import { couldHaveSidecars } from '../../../mesh/clients/data-plane.ts';
import { visibilityOf } from '../../../mesh/hosts/visibility.ts';
import { waypointsFor } from '../../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { bindTo, waypointManifest } from '../../shared/written-manifests.ts';
import type { Change, Fix, Safety } from '../../rule.ts';
import { mergeInto } from './merge-repairs.ts';
import { exportingTo, movingTo } from './move-rule.ts';
import {
  needsPortLevel,
  originateIn,
  originationRule,
  reachesOthers,
  settingFor,
  type Origination,
} from './origination.ts';
import type { Plaintext } from '../faults/plaintext.ts';
import { sparing } from './remove-tls.ts';
import { andMore } from '../../../base/and-more.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import { rulesAnywhere } from '../../../mesh/destination-rules/matching-rules.ts';

/** One cause of an entry, for all hosts and ports that share it; never empty. */
export interface Group {
  readonly mesh: Mesh;
  readonly entry: Resource<'ServiceEntry'>;
  readonly found: readonly [Plaintext, ...Plaintext[]];
}

/** The best first. */
export function repairsOf(group: Group): readonly Fix[] {
  return repairs[group.found[0].cause](group);
}

const repairs: Readonly<Record<NoTlsCause, (group: Group) => readonly Fix[]>> = {
  'no-rule': generate,
  'unusable-waypoint': generate,
  'unbound-waypoint': bind,
  'other-namespace': (group) => withRule(group, (rule) => move(group, rule, group.entry.namespace)),
  shadowed: (group) => withRule(group, (rule) => move(group, rule, waypointNamespace(group))),
  'not-exported': (group) =>
    withRule(group, (rule) => [
      fix(`Export ${describe(rule)} to namespace ${waypointNamespace(group)}`, forThisHost(rule), [
        ...exportingTo(rule, waypointNamespace(group)),
        ...(sparing(rule, group.entry) ?? []),
      ]),
    ]),
  'entry-not-exported': exportEntry,
  'workload-selector': (group) =>
    withRule(group, (rule) => [
      withoutSelector(group, rule),
      ...(hasOtherRule(group, rule) ? [] : generate(group, before(group, rule))),
    ]),
  'no-tls': originateThere,
  'port-mismatch': originateThere,
  'port-entry-without-tls': originateThere,
  'mode-disable': originateThere,
  'istio-mutual': originateThere,
  'subset-only': originateThere,
  'incomplete-mutual': (group) => [
    ...withRule(group, (rule) => nameCredential(group, rule)),
    ...originateThere(group).map((other): Fix => ({ ...other, safety: 'unsafe' })),
  ],
};

/**
 * A new rule stands beside the entry: waypoints look there (second, after their own namespace) and so do sidecars, and who owns the
 * entry may write there. Only what would hide it moves it. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
function generate(group: Group, namespace = group.entry.namespace, first: readonly Change[] = []): readonly Fix[] {
  const { entry } = group;
  const hosts = hostsOf(group);
  if (hosts.some((host) => reachesOthers(group.mesh, entry, host))) return [];
  const names = andMore(hosts);
  const manifests = (mode: Origination) =>
    hosts.map((host) => originationRule(group.mesh, entry, host, namespace, mode, group.found[0].binding));
  const appended = (mode: Origination) => [
    ...first,
    ...manifests(mode).map((manifest): Change => ({ op: 'append-document', after: entry, manifest })),
  ];
  const files = manifests('SIMPLE').map(
    (manifest, i): Change => ({
      op: 'create-file',
      beside: entry,
      fileName: `${hosts[i]!.replace(/^\*\./, '')}-tls.yaml`,
      manifest,
    }),
  );
  // Sidecars would need a workloadSelector to read the Secret.
  const isForSidecars = group.found[0].binding.state === 'unbound' && couldHaveSidecars(group.mesh, namespace);
  return [
    fix(`Originate TLS for ${names}`, 'safe', appended('SIMPLE')),
    ...(isForSidecars ? [] : [fix(`Originate mutual TLS for ${names}`, 'unsafe', appended('MUTUAL'))]),
    fix(`Originate TLS for ${names} in a new file`, 'safe', [...first, ...files]),
  ];
}

/** Without a rule, both are added: the port alone would not originate TLS. */
function bind(group: Group): readonly Fix[] {
  const { mesh, entry } = group;
  // An entry that no namespace may see is bound to no waypoint, whatever its labels say.
  if (visibilityOf(mesh, entry.namespace) === 'NONE') return [];
  const [waypoint] = waypointsFor(mesh, entry.namespace);
  const target = waypoint ?? { namespace: entry.namespace, name: 'egress-gateway' };
  const made: Change[] = waypoint
    ? []
    : [{ op: 'append-document', after: entry, manifest: waypointManifest(target.name, target.namespace, []) }];
  const changes = [...bindTo(entry, target), ...made];
  const { rule } = group.found[0];
  if (!rule)
    return generate(group, entry.namespace, changes).map(
      (other): Fix => ({ ...other, safety: waypoint && failsWhole(group) ? other.safety : 'unsafe' }),
    );
  return [
    fix(
      waypoint
        ? `Bind to waypoint ${target.namespace}/${target.name}`
        : `Bind to a new waypoint ${target.namespace}/${target.name}`,
      waypoint && failsWhole(group) ? 'safe' : 'unsafe',
      [...changes, ...(sparing(rule, entry) ?? [])],
    ),
  ];
}

/** Where a rule for the host is there already, that one takes the settings over. */
function move(group: Group, rule: Resource<'DestinationRule'>, namespace: string): readonly Fix[] {
  const { mesh, entry } = group;
  const changes = movingTo(mesh, rule, namespace, waypointNamespace(group));
  if (changes)
    return [
      fix(`Move ${describe(rule)} to namespace ${namespace}`, forThisHost(rule), [
        ...changes,
        ...(sparing(rule, entry) ?? []),
      ]),
    ];
  const [there] = mesh.destinationRules(namespace, ruleHost(rule, mesh.settings.clusterDomain));
  const merged = there && mergeInto(there, rule);
  return merged ? [merged] : [];
}

/** A third rule for the host would be one too many: Istio uses the trafficPolicy of the first. */
function hasOtherRule({ mesh, found }: Group, rule: Resource<'DestinationRule'>): boolean {
  return found.some(({ host }) =>
    rulesAnywhere(mesh, host).some(
      (other) =>
        other.id !== rule.id &&
        other.namespace === rule.namespace &&
        ruleHost(other, mesh.settings.clusterDomain) === host,
    ),
  );
}

/** A rule for a wildcard comes to hold for requests to other hosts as well, which may work today. */
function forThisHost(rule: Resource<'DestinationRule'>): Safety {
  return rule.spec.host?.value.startsWith('*') ? 'unsafe' : 'safe';
}

/** Whether requests to all ports of the entry fail, so that none that works takes another way. */
function failsWhole({ entry, found }: Group): boolean {
  return entry.spec.ports.every((port) => found.some((one) => one.port.index === port.index));
}

function withoutSelector({ entry }: Group, rule: Resource<'DestinationRule'>): Fix {
  return fix(`Remove the workloadSelector of ${describe(rule)}`, 'unsafe', [
    { op: 'remove', in: rule, path: ['spec', 'workloadSelector'] },
    ...(sparing(rule, entry) ?? []),
  ]);
}

function exportEntry(group: Group): readonly Fix[] {
  const namespace = waypointNamespace(group);
  const changes = exportingTo(group.entry, namespace);
  const { rule } = group.found[0];
  // Once the entry is seen, a rule that stands there comes before a new one.
  if (
    !rule &&
    hostsOf(group).some((host) => rulesAnywhere(group.mesh, host).some((other) => other.namespace === namespace))
  )
    return [];
  return rule
    ? [
        fix(`Export ${describe(group.entry)} to namespace ${namespace}`, forThisHost(rule), [
          ...changes,
          ...(sparing(rule, group.entry) ?? []),
        ]),
      ]
    : generate(group, group.entry.namespace, changes);
}

/** A rule for exactly this host gets what it lacks; a wider one is for other hosts too, so the host gets its own beside it. */
function originateThere(group: Group): readonly Fix[] {
  return withRule(group, (rule) => {
    const named = ruleHost(rule, group.mesh.settings.clusterDomain);
    const own = group.found.filter(({ host }) => host === named);
    if (own.length < group.found.length) return generate(group, before(group, rule));
    const replaces =
      (needsPortLevel(group.entry) || rule.spec.trafficPolicy?.portLevelSettings.length) &&
      (rule.spec.trafficPolicy?.otherFields.length ?? 0) > 0;
    const changes = own.flatMap(({ port, host }) => originateIn(rule, group.entry, port, host));
    return [fix(`Originate TLS in ${describe(rule)}`, replaces ? 'unsafe' : 'safe', withoutRepeats(changes))];
  });
}

function nameCredential(group: Group, rule: Resource<'DestinationRule'>): readonly Fix[] {
  const setting = settingFor(rule, group.found[0].port.number!.value);
  const path = setting
    ? ['spec', 'trafficPolicy', 'portLevelSettings', setting.index, 'tls']
    : ['spec', 'trafficPolicy', 'tls'];
  const value = `${group.found[0].host.replace(/^\*\./, '')}-client`;
  return [
    fix(`Take the client certificate from Secret ${value}`, 'unsafe', [
      { op: 'set', in: rule, path: [...path, 'credentialName'], value },
    ]),
  ];
}

function withRule(group: Group, repair: (rule: Resource<'DestinationRule'>) => readonly Fix[]): readonly Fix[] {
  const { rule } = group.found[0];
  return rule ? repair(rule) : generate(group);
}

function waypointNamespace({ found: [{ binding }], entry }: Group): string {
  return binding.state === 'bound' ? binding.gateway.namespace : entry.namespace;
}

/** Where a new rule is found before this one: in the waypoint's namespace a narrower host wins, elsewhere the entry's comes early enough. */
function before(group: Group, { namespace }: Resource): string {
  return namespace === waypointNamespace(group) ? namespace : group.entry.namespace;
}

function hostsOf({ found }: Group): readonly string[] {
  return [...new Set(found.map(({ host }) => host))];
}

function withoutRepeats(changes: readonly Change[]): readonly Change[] {
  const seen = new Set<string>();
  return changes.filter((change) => {
    const key = JSON.stringify('path' in change ? [change.path, 'value' in change ? change.value : ''] : change);
    return !seen.has(key) && seen.add(key);
  });
}

function fix(title: string, safety: Safety, changes: readonly Change[]): Fix {
  return { title, safety, changes };
}
