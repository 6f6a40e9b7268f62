// A ServiceEntry moves to the namespace of its waypoint, with all that is for it: policies and routes are attached within a namespace.
import { isEditable, type Draft } from '../../engine/draft.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { fullHost, normalizeHost } from '../../names/hosts.ts';
import type { Change } from '../../rules/rule.ts';
import type { Refactoring } from './refactoring.ts';

type Entry = Resource<'ServiceEntry'>;
type Moved = Resource<
  'ServiceEntry' | 'AuthorizationPolicy' | 'Telemetry' | 'BackendTLSPolicy' | 'DestinationRule' | 'VirtualService'
>;

export const moveToWaypoint: Refactoring = {
  kind: 'refactor.move',

  *offers(subject, { mesh }) {
    if (subject.kind !== 'ServiceEntry' || subject.spec.workloadSelector) return;
    const binding = bindWaypoint(mesh, subject);
    if (binding.state !== 'bound' || binding.gateway.namespace === subject.namespace) return;
    const { gateway } = binding;
    const set = movable(mesh, subject, gateway.namespace);
    if (set)
      yield {
        title: `Move to namespace ${gateway.namespace}, where its waypoint is`,
        perform: (draft) => move(draft, subject, set, gateway),
      };
  },
};

/** The entry and what is for it alone; undefined where something is for others as well, cannot be moved, or has a namesake there. */
function movable(mesh: Mesh, entry: Entry, to: string): readonly AnyResource[] | undefined {
  const { namespace, name } = entry;
  if (mesh.extensionsOf('ServiceEntry', namespace, name).length > 0) return undefined;
  const attached = mesh.targeting('ServiceEntry', namespace, name);
  const routes = mesh.routesTo('ServiceEntry', namespace, name);
  if (attached.some(({ spec }) => spec.targetRefs.length > 1) || routes.some(({ spec }) => spec.parentRefs.length > 1))
    return undefined;
  if (attached.some(namesBareAccountInCondition)) return undefined;
  const hosts = hostsOfEntry(entry);
  const rules = hosts.flatMap((host) => mesh.destinationRules(namespace, host));
  const services = [...new Set(hosts.flatMap((host) => mesh.virtualServices(host)))].filter(
    (one) => one.namespace === namespace,
  );
  const isOurs = (host: string) => hosts.includes(fullHost(host, namespace, mesh.settings.clusterDomain));
  if (services.some(({ spec }) => spec.hosts.some(({ value }) => !isOurs(value)))) return undefined;
  const set = [entry, ...attached, ...routes, ...rules, ...services] as readonly AnyResource[];
  const isFree = (one: AnyResource) => mesh.named(one.kind, to, one.name).length === 0;
  return set.every((one) => isEditable(one.uri) && isFree(one)) ? set : undefined;
}

function move(
  draft: Draft,
  entry: Entry,
  set: readonly AnyResource[],
  gateway: Resource<'Gateway'>,
): readonly string[] | undefined {
  const to = gateway.namespace;
  const changes = [
    ...set.flatMap((one) => movedTo(one, to)),
    ...labelled(entry, gateway),
    ...imports(draft.writtenMesh, entry, to),
  ];
  if (!draft.apply(changes)) return undefined;
  // A kustomization may say the namespace of all its files.
  const isThere = set.every(({ kind, name }) => draft.writtenMesh.named(kind, to, name).length > 0);
  return isThere ? [] : undefined;
}

function movedTo(resource: AnyResource, to: string): readonly Change[] {
  const from = resource.namespace;
  return [
    { op: 'set', in: resource, path: ['metadata', 'namespace'], value: to },
    ...exports(resource as Moved, from, to),
    ...(resource.kind === 'AuthorizationPolicy' ? bareAccounts(resource) : []),
  ];
}

/** `.` is the resource's own namespace, which is another one now. */
function exports(resource: Moved, from: string, to: string): readonly Change[] {
  const listed = 'exportTo' in resource.spec ? resource.spec.exportTo : undefined;
  const before = (listed ?? []).map(({ value }) => value);
  const after = [...new Set(before.map((one) => (one === '.' ? from : one)))];
  return before.includes('.')
    ? [
        {
          op: 'set',
          in: resource,
          path: ['spec', 'exportTo'],
          value: [...after, ...(after.includes('*') || after.includes(to) ? [] : ['.'])],
        },
      ]
    : [];
}

function namesBareAccountInCondition(
  one: AnyResource<'AuthorizationPolicy' | 'Telemetry' | 'BackendTLSPolicy'>,
): boolean {
  if (one.kind !== 'AuthorizationPolicy') return false;
  return (one.spec.rules ?? []).some(({ when }) =>
    when.some(
      ({ key, values, notValues }) =>
        key?.value === 'source.serviceAccount' && [...values, ...notValues].some(({ value }) => !value.includes('/')),
    ),
  );
}

/** An account without a namespace is one of the policy's own. istio@86c9f01 pilot/pkg/security/authz/model/generator.go serviceAccountRegex. */
function bareAccounts(policy: Resource<'AuthorizationPolicy'>): readonly Change[] {
  return (policy.spec.rules ?? []).flatMap(({ from }, r) =>
    from.flatMap(({ fields }, f) =>
      fields.flatMap(({ name, values }) =>
        name.toLowerCase().endsWith('serviceaccounts')
          ? values.flatMap(({ value }, i): readonly Change[] =>
              value.includes('/')
                ? []
                : [
                    {
                      op: 'set',
                      in: policy,
                      path: ['spec', 'rules', r, 'from', f, 'source', name, i],
                      value: `${policy.namespace}/${value}`,
                    },
                  ],
            )
          : [],
      ),
    ),
  );
}

/** The waypoint is in the own namespace now; a label of the old Namespace no longer says which. */
function labelled(entry: Entry, gateway: Resource<'Gateway'>): readonly Change[] {
  const path = ['metadata', 'labels'];
  return [
    ...(entry.labels.has(useWaypoint)
      ? []
      : [{ op: 'set', in: entry, path: [...path, useWaypoint], value: gateway.name } as const]),
    ...(entry.labels.has(useWaypointNamespace)
      ? [{ op: 'remove', in: entry, path: [...path, useWaypointNamespace] } as const]
      : []),
  ];
}

/** Sidecars that import the hosts from the old namespace. */
function imports(mesh: Mesh, entry: Entry, to: string): readonly Change[] {
  const hosts = new Set(entry.spec.hosts.map(({ value }) => normalizeHost(value)));
  return mesh
    .all('Sidecar')
    .filter(({ uri }) => isEditable(uri))
    .flatMap((sidecar) =>
      sidecar.spec.egressHosts.flatMap(({ value, span }): readonly Change[] => {
        const [namespace = '', host = ''] = value.split('/');
        const from = namespace === '.' ? sidecar.namespace : namespace;
        if (from !== entry.namespace || !hosts.has(normalizeHost(host))) return [];
        return [{ op: 'replace-text', in: sidecar, span, newText: JSON.stringify(`${to}/${host}`) }];
      }),
    )
    .toReversed();
}
