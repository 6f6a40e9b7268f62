// The probable request at a position in a ServiceEntry: a URL with its host and port, and possible clients.
import { contains } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Resource } from '../model/resource.ts';
import { clientsOf, urlOf } from './facts/known-requests.ts';
import { subjectsIn } from './facts/subjects-in-file.ts';

export interface RequestSuggestion {
  /** Undefined where the place is in no ServiceEntry. */
  readonly url: string | undefined;
  /** `NAMESPACE/SERVICE-ACCOUNT` of the workloads that files show, in order of their names. */
  readonly clients: readonly string[];
}

export function requestAt(workspace: Workspace, uri: string, offset: number): RequestSuggestion {
  const subject = subjectsIn(workspace, uri).find(
    ({ resource, place }) => resource.kind === 'ServiceEntry' && contains(place(resource.at.whole), offset),
  );
  const clients = clientsOf(workspace.mesh);
  if (!subject) return { url: undefined, clients };
  const { spec } = subject.resource as Resource<'ServiceEntry'>;
  const here = (span: { readonly start: number; readonly end: number }) => contains(subject.place(span), offset);
  const host = spec.hosts.find(({ span }) => here(span)) ?? spec.hosts[0];
  const ports = spec.ports.filter(({ number }) => number !== undefined);
  const port = ports.find(({ span }) => here(span)) ?? ports[0];
  return { url: host && urlOf(host.value, port), clients };
}
