// The two ends of a call: hosts that are called, and the accounts that call them, each with a place in a manifest.
import { contains } from '../../base/span.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import { subjectText } from '../../eval/access/wording.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { declarationsOf, type Declaration } from '../../references/declarations.ts';
import type { Entity } from '../../references/entity.ts';
import { namesAt, type Navigated } from './situations.ts';

/** What identifies an item from one request to the next. */
export type CallEnd =
  | { readonly type: 'hosts'; readonly hosts: readonly string[] }
  | { readonly type: 'caller'; readonly subject: Subject };

export interface CallItem {
  readonly end: CallEnd;
  readonly name: string;
  readonly detail: string;
  readonly at: Declaration;
}

/** What a place is about: the narrowest name there that can call or be called, else the object around it. */
export function callItemAt(navigated: Navigated, offset: number): CallItem | undefined {
  const { mesh } = navigated.workspace;
  for (const { entities, resource, span } of namesAt(navigated, offset)) {
    const start = navigated.workspace.documentAt(resource.document)?.start ?? 0;
    const written = { resource, at: { start: span.start - start, end: span.end - start } };
    for (const entity of entities) {
      const found = itemOf(mesh, entity, written);
      if (found) return found;
    }
  }
  const around = objectAt(navigated, offset);
  return around && itemOf(mesh, entityOf(around), { resource: around, at: around.at.name });
}

function objectAt({ workspace, uri }: Navigated, offset: number): AnyResource | undefined {
  return workspace
    .documents(uri)
    .flatMap(({ record, start }) => record.resources.map((resource) => ({ resource, at: offset - start })))
    .find(({ resource, at }) => contains(resource.at.whole, at))?.resource;
}

function entityOf({ kind, namespace, name }: Resource): Entity {
  return { type: 'object', kind, namespace, name };
}

/** `written`: the place that names the entity, for what no manifest declares. */
function itemOf(mesh: Mesh, entity: Entity, written: Declaration): CallItem | undefined {
  if (entity.type === 'host' || entity.type === 'port') return hostItem(mesh, entity.host);
  if (entity.type !== 'object') return undefined;
  const { namespace, name } = entity;
  switch (entity.kind) {
    case 'ServiceAccount':
      return callerItem(mesh, { namespace, serviceAccount: name }, written);
    case 'Namespace':
      return callerItem(mesh, { namespace: name, serviceAccount: undefined }, written);
    case 'Workload':
    case 'Pod':
      return workloadItem(mesh.named(entity.kind, namespace, name)[0]);
    case 'ServiceEntry':
      return entryItem(mesh.named('ServiceEntry', namespace, name)[0]);
    case 'Gateway':
      return waypointItem(mesh, mesh.named('Gateway', namespace, name)[0]);
    default:
      return undefined;
  }
}

/** Only of a host that a ServiceEntry lists: calls inside of the cluster are not followed. */
export function hostItem(mesh: Mesh, host: string): CallItem | undefined {
  const at = declarationsOf(mesh, { type: 'host', host }).find(({ resource }) => resource.kind === 'ServiceEntry');
  return at && { end: { type: 'hosts', hosts: [host] }, name: host, detail: describe(at.resource), at };
}

function entryItem(entry: Resource<'ServiceEntry'> | undefined): CallItem | undefined {
  const hosts = entry && hostsOfEntry(entry);
  if (!hosts || hosts.length === 0) return undefined;
  return {
    end: { type: 'hosts', hosts },
    name: describe(entry),
    detail: hosts.join(', '),
    at: { resource: entry, at: entry.at.name },
  };
}

/** A waypoint stands for the hosts of the ServiceEntries that are bound to it. */
function waypointItem(mesh: Mesh, gateway: Resource<'Gateway'> | undefined): CallItem | undefined {
  if (!gateway) return undefined;
  const bound = mesh.all('ServiceEntry').filter((entry) => {
    const binding = bindWaypoint(mesh, entry);
    return binding.state === 'bound' && binding.gateway.id === gateway.id;
  });
  const hosts = [...new Set(bound.flatMap(hostsOfEntry))].map(normalizeHost);
  if (hosts.length === 0) return undefined;
  return {
    end: { type: 'hosts', hosts },
    name: describe(gateway),
    detail: hosts.length === 1 ? hosts[0]! : `${hosts.length} hosts`,
    at: { resource: gateway, at: gateway.at.name },
  };
}

function workloadItem(workload: Resource<'Workload'> | Resource<'Pod'> | undefined): CallItem | undefined {
  if (!workload) return undefined;
  const serviceAccount = workload.spec.serviceAccount?.value ?? 'default';
  return {
    end: { type: 'caller', subject: { namespace: workload.namespace, serviceAccount } },
    name: describe(workload),
    detail: `service account ${serviceAccount}`,
    at: { resource: workload, at: workload.at.name },
  };
}

/** `written`: a place that names the caller, for one that no manifest declares. */
export function callerItem(mesh: Mesh, subject: Subject, written: Declaration): CallItem {
  const declared = declarationOfCaller(mesh, subject);
  return {
    end: { type: 'caller', subject },
    name: subjectText(subject),
    detail: declared ? describe(declared) : '',
    at: declared ? { resource: declared, at: declared.at.name } : written,
  };
}

/** Its ServiceAccount, else a workload that runs as it; of a whole namespace the Namespace. */
function declarationOfCaller(mesh: Mesh, subject: Subject): Resource | undefined {
  if (subject === '*') return undefined;
  const { namespace, serviceAccount } = subject;
  if (serviceAccount === undefined) return mesh.named('Namespace', '', namespace)[0];
  const [account] = mesh.named('ServiceAccount', namespace, serviceAccount);
  const runsAsIt = ({ spec }: Resource<'Workload'> | Resource<'Pod'>): boolean =>
    (spec.serviceAccount?.value ?? 'default') === serviceAccount;
  return (
    account ??
    mesh.inNamespace('Workload', namespace).find(runsAsIt) ??
    mesh.inNamespace('Pod', namespace).find(runsAsIt)
  );
}
