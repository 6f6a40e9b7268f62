// Services of type ExternalName, which are other names of a host.
import { groupBy } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';

/** Worked out once for a host: thousands of clients may call it. */
export function externalNamed(mesh: Mesh, name: string): Resource<'Service'> | undefined {
  const host = normalizeHost(name);
  return mesh.derived(`ExternalName Service of ${host}`, (view) =>
    view
      .hostOwners(host)
      .map(({ resource }) => resource)
      .filter((one) => one.kind === 'Service')
      .find(({ spec }) => spec.type === 'ExternalName' && spec.externalName !== undefined),
  );
}

/** The Services that stand for the host, directly. Those of all hosts are found at once. */
export function aliasesOf(mesh: Mesh, host: string): readonly Resource<'Service'>[] {
  const byName = mesh.derived('Services by external name', (view) =>
    groupBy(
      view.all('Service').filter(({ spec }) => spec.type === 'ExternalName' && spec.externalName !== undefined),
      ({ spec }) => normalizeHost(spec.externalName!),
    ),
  );
  return byName.get(normalizeHost(host)) ?? [];
}

/** Of an alias of aliases the last counts. istio@86c9f01 pilot/pkg/model/push_context.go resolveServiceAliases. */
export function lastName(mesh: Mesh, service: Resource<'Service'>): string | undefined {
  let current: Resource<'Service'> | undefined = service;
  let name: string | undefined;
  for (let i = 0; current && i < longestChain; i++) {
    name = normalizeHost(current.spec.externalName!);
    current = externalNamed(mesh, name);
  }
  return current ? undefined : name;
}

const longestChain = 8;
