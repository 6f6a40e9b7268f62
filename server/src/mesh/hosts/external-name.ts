// Services of type ExternalName, which are other names of a host.
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

/** The Services that stand for the host, directly. Of all Services these are found once, not once for each host. */
export function aliasesOf(mesh: Mesh, host: string): readonly Resource<'Service'>[] {
  const name = normalizeHost(host);
  const all = mesh.derived('Services of type ExternalName', (view) =>
    view.all('Service').filter(({ spec }) => spec.type === 'ExternalName' && spec.externalName !== undefined),
  );
  return all.filter(({ spec }) => normalizeHost(spec.externalName!) === name);
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
