import { firstRelated, mostRelated } from '../../base/and-more.ts';
import type { Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { choiceBySidecars } from '../../mesh/hosts/choice-by-sidecars.ts';
import { isExportedTo, scopeOf, visibilityOf } from '../../mesh/hosts/visibility.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { portConflict } from '../shared/port-conflict.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { earlierElsewhere, type OtherEntries } from '../shared/entries-of-host.ts';
import { bindingInputs, gatewayRouteInputs } from '../shared/inputs.ts';
import { gatewayBehind } from '../trace/requests-of-route.ts';

type Entry = Resource<'ServiceEntry'>;

export const duplicateHostAcrossNamespaces = defineRule({
  id: 'duplicate-host-across-namespaces',
  stage: 'capture',
  summary: 'ServiceEntries of two namespaces have the same host: which one is used depends on the client.',
  severity: 'information',
  since: '0.1.0',
  peers: ['KIA1211'],
  subjects: ['ServiceEntry'],
  inputs: [...bindingInputs, ...gatewayRouteInputs, 'IstioGateway', 'Pod', 'Workload'],

  *check(entry, mesh) {
    const reported = new Set<Entry>();
    for (const host of entry.spec.hosts) {
      const groups = othersWith(mesh, entry, host.value);
      const isLarge = groups.reduce((sum, { count }) => sum + count, 0) > mostAlone;
      for (const group of isLarge ? groups : apart(groups)) {
        const [first] = group.shown;
        if (!first || reported.has(first)) continue;
        reported.add(first);
        yield findingFor(mesh, entry, host, group);
      }
    }
  },
});

/** More than these are reported together. */
const mostAlone = 5;

function apart(groups: readonly OtherEntries[]): readonly OtherEntries[] {
  return groups.flatMap(({ shown }) => shown.map((other) => ({ shown: [other], count: 1 })));
}

function findingFor(
  mesh: Mesh,
  entry: Entry,
  host: { readonly value: string; readonly span: Span },
  { shown, count }: OtherEntries,
): RuleFinding {
  const other = shown[0]!;
  const shared = sharedWaypoint(mesh, entry, other);
  const names = count === 1 ? describe(other) : `${shown.slice(0, 2).map(describe).join(', ')} and ${count - 2} more`;
  return {
    at: host.span,
    // istio@86c9f01 pilot/pkg/networking/core/waypoint.go findWaypointResources; ztunnel@62d8265 src/state/service.rs find_best_match.
    message: shared
      ? `The waypoint uses only one of ${count === 1 ? 'two' : count + 1} ServiceEntries for ${host.value}, for all clients: ${names} ${count === 1 ? 'names' : 'name'} the same waypoint.`
      : `Which ServiceEntry is used depends on the client's namespace: ${names} ${count === 1 ? 'has' : 'have'} ${host.value} too, and ${users(mesh, entry, other)}${portsApart(entry, other)}${gatewaysApart(mesh, entry, other)}.`,
    related: firstRelated(
      shown.map((one) => ({ resource: one, at: one.at.name, message: `${describe(one)} has the same host.` })),
      count,
    ),
    data: {},
    ...(shared ? { severity: 'warning' as const } : {}),
  };
}

/** What a client loses that meets the wrong one. */
function portsApart(a: Entry, b: Entry): string {
  const numbers = ({ spec }: Entry) => spec.ports.flatMap(({ number }) => (number ? [number.value] : []));
  const [x, y] = [numbers(a), numbers(b)];
  const alone = [...x.filter((port) => !y.includes(port)), ...y.filter((port) => !x.includes(port))];
  return alone.length > 0 ? `; only one of them has port ${alone.join(', ')}` : '';
}

/** Routes of the Gateway API are for one of the entries: where their routes lead, and so whose policies count. */
function gatewaysApart(mesh: Mesh, a: Entry, b: Entry): string {
  const [x, y] = [gatewayOf(mesh, a), gatewayOf(mesh, b)];
  if (x?.host === y?.host) return '';
  const way = (gateway: typeof x) => (gateway ? `to egress gateway ${gateway.text}` : 'to none');
  return `; the routes of ${describe(a)} lead ${way(x)}, those of the other ${way(y)}`;
}

/** Worked out once for an entry, which is compared with many. */
function gatewayOf(
  mesh: Mesh,
  { id, namespace, name }: Entry,
): { readonly host: string; readonly text: string } | undefined {
  return mesh.derived(`egress gateway of routes of ${id}`, (view) => {
    for (const route of view.routesTo('ServiceEntry', namespace, name)) {
      const gateway = gatewayBehind(view, route);
      if (gateway) return { host: gateway.host, text: `${gateway.namespace}/${gateway.name}` };
    }
    return undefined;
  });
}

/** Of a pair the later by namespace and name reports. Entries that only their own namespace sees do not meet. */
function othersWith(mesh: Mesh, entry: Entry, host: string): readonly OtherEntries[] {
  const holds = (other: Entry) => meet(mesh, entry, other) && !portConflict(entry, other);
  return earlierElsewhere(mesh, entry, host, holds, mostRelated);
}

/** Ambient clients see all that is public; sidecars what is exported to them. istio@86c9f01 pilot/pkg/model/sidecar.go selectServices. */
function meet(mesh: Mesh, a: Entry, b: Entry): boolean {
  const ambient = [a, b].filter((entry) => isIntendedForAmbient(mesh, entry)).length;
  if (ambient === 2) return [a, b].every(({ namespace }) => visibilityOf(mesh, namespace) === 'PUBLIC');
  // One that only its own namespace sees hides the other there.
  return (
    ambient === 0 &&
    (portsApart(a, b) !== '' || gatewaysApart(mesh, a, b) !== '') &&
    (isExportedTo(mesh, a, b.namespace) || isExportedTo(mesh, b, a.namespace))
  );
}

/** Who gets which, as far as it is not each its own. Ambient clients do not look at exportTo. */
function users(mesh: Mesh, entry: Entry, other: Entry): string {
  const { named, elsewhere } = choiceBySidecars(mesh, entry, other);
  const everywhere = [entry, other].every((one) => scopeOf(mesh, one) === 'everywhere');
  if (everywhere || isIntendedForAmbient(mesh, entry)) return 'other namespaces use the one created first';
  const known = [...named]
    .filter(([, chosen]) => chosen !== elsewhere)
    .map(([namespace, chosen]) => `pods of ${namespace} use ${nameOf(chosen)}`);
  return `${known.join(', ')}, and all others use ${nameOf(elsewhere)}`;
}

function nameOf(chosen: Entry | 'oldest' | undefined): string {
  if (chosen === undefined) return 'neither';
  return chosen === 'oldest' ? 'the one created first' : describe(chosen);
}

function sharedWaypoint(mesh: Mesh, a: Entry, b: Entry): boolean {
  const [x, y] = [bindWaypoint(mesh, a), bindWaypoint(mesh, b)];
  return (
    x.state === 'bound' &&
    y.state === 'bound' &&
    x.gateway.namespace === y.gateway.namespace &&
    x.gateway.name === y.gateway.name
  );
}
