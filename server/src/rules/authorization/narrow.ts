// From a policy on a whole waypoint to one on the entries whose hosts it names.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import type { Plain } from '../rule.ts';
import { fieldsNamed } from './reach.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** Only where every rule names hosts, each of an entry in the policy's namespace. */
export function entriesNamed(mesh: Mesh, policy: Policy): readonly string[] | undefined {
  const rules = policy.spec.rules ?? [];
  if (policy.spec.targetRefs.length !== 1 || policy.spec.targetRefs[0]?.singular) return undefined;
  if (
    !rules.every(
      (rule) => fieldsNamed(rule, 'hosts').length > 0 && fieldsNamed(rule, 'hosts').length === rule.to.length,
    )
  )
    return undefined;
  const hosts = rules
    .flatMap((rule) => fieldsNamed(rule, 'hosts'))
    .flatMap(({ values }) => values.map(({ value }) => value.replace(/:[\d*]+$/, '')));
  const owners = hosts.map(
    (host) =>
      mesh
        .hostOwners(host)
        .find(({ resource }) => resource.kind === 'ServiceEntry' && resource.namespace === policy.namespace)?.resource
        .name,
  );
  const names = [...new Set(owners)];
  return names.every((name) => name !== undefined) && names.length === 1 ? names : undefined;
}

export function entryRef(name: string): { readonly [key: string]: Plain } {
  return { group: 'networking.istio.io', kind: 'ServiceEntry', name };
}

/** A source as it is written in another policy. */
export function sourceOf({ fields }: AuthorizationRule['from'][number]): Plain {
  return { source: Object.fromEntries(fields.map(({ name, values }) => [name, values.map(({ value }) => value)])) };
}
