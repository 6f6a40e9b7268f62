// The namespaces that a policy names as callers.
import { firstOfEach } from '../../base/first-of-each.ts';
import { keptFor } from '../../base/kept-for.ts';
import { eachInSteps } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';

export interface NamedClient {
  readonly namespace: string;
  readonly field: Field<string>;
}

type Policy = Pick<Resource<'AuthorizationPolicy'>, 'namespace' | 'spec'>;

/** Each namespace once, at its first mention; values with a wildcard are skipped. */
export const clientsNamed = keptFor(({ namespace: own, spec }: Policy): readonly NamedClient[] => {
  const found = (spec.rules ?? []).flatMap(({ from }) =>
    from.flatMap(({ fields }) =>
      fields.flatMap(({ name, values }) =>
        values.flatMap((field) => {
          const namespace = namespaceIn(name, field.value, own);
          return namespace !== undefined && namespace !== '' && !namespace.includes('*') ? [{ namespace, field }] : [];
        }),
      ),
    ),
  );
  return firstOfEach(found, ({ namespace }) => namespace);
});

function namespaceIn(field: string, value: string, own: string): string | undefined {
  switch (field) {
    case 'namespaces':
      return value;
    case 'serviceAccounts':
      return value.includes('/') ? value.slice(0, value.indexOf('/')) : own;
    case 'principals':
      return /\/ns\/([^/]+)\//.exec(value)?.[1];
    default:
      return undefined;
  }
}

/** Namespaces of clients that policies name, at the waypoint or at the entry: what is wrong with these is reported there. */
export function namedByPolicies(
  mesh: Mesh,
  gateway: Resource<'Gateway'>,
  entry: Resource<'ServiceEntry'>,
): ReadonlySet<string> {
  return mesh.derivedInSteps(`clients named at ${gateway.id} ${entry.id}`, function* (view) {
    const policies = [
      ...view.targeting('Gateway', gateway.namespace, gateway.name),
      ...view.targeting('ServiceEntry', entry.namespace, entry.name),
    ];
    const found = new Set<string>();
    yield* eachInSteps(policies, (one) => {
      if (one.kind === 'AuthorizationPolicy') for (const { namespace } of clientsNamed(one)) found.add(namespace);
    });
    return found;
  });
}
