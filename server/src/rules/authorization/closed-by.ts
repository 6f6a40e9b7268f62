// What an ALLOW on a whole waypoint closes: hosts that no rule of it can name.
import { policiesAt, policiesForAll } from '../../eval/authz/attached-policies.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import { matchesHost } from '../../eval/authz/text-match.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule, TargetRef } from '../../model/specs.ts';
import { entriesAt, waypointsNamed } from './reach.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** ServiceEntries for which an attached ALLOW policy denies all clients. istio@86c9f01 pilot/pkg/security/authz/builder/builder.go build. */
export function closedBy(mesh: Mesh, policy: Policy, ref: TargetRef): readonly Resource<'ServiceEntry'>[] {
  if (actionOf(policy) !== 'ALLOW' || !policy.spec.rules) return [];
  return waypointsNamed(mesh, policy, ref).flatMap((waypoint) => {
    if (allowsForAll(mesh, waypoint).some((other) => other !== policy)) return [];
    const entries = entriesAt(mesh, waypoint);
    const closed = entries.filter((entry) => !isNamed(policy, entry) && onlyAllow(mesh, policy, waypoint, entry));
    // One that names none of them at all has another fault.
    return entries.some((entry) => isNamed(policy, entry)) ? closed : [];
  });
}

/** The first two ALLOW policies for all entries of a waypoint: where there are more, none closes anything alone. */
function allowsForAll(mesh: Mesh, waypoint: Resource<'Gateway'>): readonly Policy[] {
  return mesh.derived(`ALLOW policies for all at ${waypoint.id}`, (view) =>
    policiesForAll(view, waypoint)
      .filter((policy) => actionOf(policy) === 'ALLOW')
      .slice(0, 2),
  );
}

function onlyAllow(
  mesh: Mesh,
  policy: Policy,
  waypoint: Resource<'Gateway'>,
  entry: Resource<'ServiceEntry'>,
): boolean {
  return policiesAt(mesh, waypoint, entry).every((other) => other === policy || actionOf(other) !== 'ALLOW');
}

function isNamed({ spec }: Policy, entry: Resource<'ServiceEntry'>): boolean {
  return (spec.rules ?? []).some((rule) => entry.spec.hosts.some(({ value }) => canName(rule, value)));
}

function canName({ to }: AuthorizationRule, host: string): boolean {
  return (
    to.length === 0 ||
    to.some(({ fields }) => {
      const hosts = fields.filter(({ name }) => name === 'hosts');
      // A wildcard host covers many hosts, and a pattern may match some of them.
      return (
        hosts.length === 0 ||
        host.startsWith('*') ||
        hosts.some(({ values }) =>
          values.some(
            ({ value }) => matchesHost(value, host) || value.toLowerCase().startsWith(`${host.toLowerCase()}:`),
          ),
        )
      );
    })
  );
}
