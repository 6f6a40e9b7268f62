// Hosts that a Sidecar imports from a namespace that does not have them, or is not there.
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { importsHost } from '../../mesh/clients/sidecar-scope.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { isNamespaceKnown, showsOtherNamespaces } from './known-namespaces.ts';

export interface Astray {
  readonly field: Field<string>;
  readonly host: string;
  /** Where it is looked for. */
  readonly namespace: string;
  readonly entries: readonly Resource<'ServiceEntry'>[];
}

/** Imports of one outside host from a namespace that has none, while another has it and nothing else of the Sidecar brings it in. */
export function importsAstray(mesh: Mesh, sidecar: Resource<'Sidecar'>): readonly Astray[] {
  return sidecar.spec.egressHosts.flatMap((field) => {
    const [written = '', host = '', ...more] = field.value.split('/');
    // The root namespace's is for clients everywhere, whose own namespace `.` then is.
    const isOpen =
      written === '' ||
      /[*~]/.test(field.value) ||
      more.length > 0 ||
      (written === '.' && sidecar.namespace === mesh.settings.rootNamespace);
    const namespace = written === '.' ? sidecar.namespace : written;
    if (isOpen || !mesh.knows('ServiceEntry', namespace)) return [];
    const owners = mesh.hostOwners(normalizeHost(host)).map(({ resource }) => resource);
    const entries = owners.filter(
      (one): one is Resource<'ServiceEntry'> => one.kind === 'ServiceEntry' && isExternal(one),
    );
    const isBrought = owners.some(
      (one) => one.namespace === namespace || importsHost(mesh, sidecar, sidecar.namespace, one, host),
    );
    return entries.length === 0 || isBrought ? [] : [{ field, host, namespace, entries }];
  });
}

export interface FromNowhere {
  readonly field: Field<string>;
  readonly namespace: string;
  /** Of the Sidecar's own namespace, with the name that stands for the namespace. */
  readonly service: Resource<'Service'> | undefined;
}

/** Imports from a namespace that is not there, as far as the files show: `NS/HOST` begins with a namespace, not with a service. */
export function importsFromNowhere(mesh: Mesh, sidecar: Resource<'Sidecar'>): readonly FromNowhere[] {
  return sidecar.spec.egressHosts.flatMap((field) => {
    const [, namespace] = /^([a-z0-9-]+)\/[^/]+$/.exec(field.value) ?? [];
    if (namespace === undefined || isNamespaceKnown(mesh, namespace)) return [];
    const [service] = mesh.named('Service', sidecar.namespace, namespace);
    return service || showsOtherNamespaces(mesh, sidecar.namespace) ? [{ field, namespace, service }] : [];
  });
}
