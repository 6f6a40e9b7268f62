import { inPortions } from '../../base/steps.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { isVouchedFor } from '../shared/known-hosts.ts';
import { conditionOfIstio, routeKinds, type Route } from '../shared/route-targets.ts';
import { targetsOf } from '../shared/routed-hosts.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import type { AnyResource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  /** Of the number; undefined where it is not mended. */
  readonly path: FieldPath | undefined;
  readonly listed: readonly number[];
}

export const unknownRoutePort = defineRule({
  id: 'unknown-route-port',
  stage: 'reference',
  summary:
    'Requests fail because a route sends them to a port that the ServiceEntry or Service of the host does not list.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService', ...routeKinds],
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass'],

  *check(route: AnyResource<'VirtualService' | Route['kind']>, mesh): Iterable<RuleFinding<Data> | undefined> {
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    const reported = new Set<string>();
    for (const target of inPortions(targetsOf(route, mesh))) {
      if (!target) yield undefined;
      // Port 0 is the same as none.
      if (!target?.port || target.port.value === 0) continue;
      const { host, port, portPath } = target;
      const listed = mesh.derived(`ports listed for ${host}`, (view) => portsOf(view.hostOwners(host)));
      const key = `${host}:${port.value}`;
      if (reported.has(key) || listed.length === 0 || listed.includes(port.value) || !isComplete(mesh, host)) continue;
      reported.add(key);
      const resources = mesh.hostOwners(host).map(({ resource }) => resource);
      yield {
        at: port.span,
        message: `Requests sent here fail${condition}: ${listOf(resources)} ${resources.length > 1 ? 'do' : 'does'} not list port ${port.value} for ${host}, only ${listed.join(', ')}.`,
        related: relatedTo(resources, (name) => `${name} lists the ports of the host.`),
        data: { path: portPath, listed: listed.slice(0, mostOffered) },
        ...(condition !== '' && { severity: 'information' as const }),
      };
    }
  },

  *fixes({ path, listed }, route) {
    for (const port of path ? listed : [])
      yield {
        title: `Use port ${port}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: route, path: path!, value: port }],
      };
  },
});

const mostOffered = 3;

/** A Service is one object, whose ports no other adds to. */
function isComplete(mesh: Mesh, host: string): boolean {
  return isVouchedFor(mesh, host) || mesh.hostOwners(host).every(({ resource }) => resource.kind === 'Service');
}

/** None where an owner lists none, which is another fault, or is an alias, whose own ports do not count. istio@86c9f01 pilot/pkg/serviceregistry/kube/conversion.go ConvertService. */
function portsOf(owners: readonly HostOwner[]): readonly number[] {
  if (owners.some(({ resource }) => resource.kind === 'Service' && resource.spec.type === 'ExternalName')) return [];
  const lists = owners.map(({ resource }) =>
    resource.spec.ports.flatMap(({ number }) => (number === undefined ? [] : [number.value])),
  );
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())];
}
