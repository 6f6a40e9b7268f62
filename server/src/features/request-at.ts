// What a person who stands in a ServiceEntry most likely wants to try: a URL of its host and port, and who could call.
import { contains } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import { protocolKind } from '../mesh/hosts.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { Resource } from '../model/resource.ts';
import type { ServiceEntryPort } from '../model/specs.ts';
import { subjectsIn } from './facts/subjects.ts';

export interface RequestSuggestion {
  /** Undefined where the place is in no ServiceEntry. */
  readonly url: string | undefined;
  /** `NAMESPACE/SERVICE-ACCOUNT` of the workloads that files show, in order of their names. */
  readonly clients: readonly string[];
}

export function requestAt(workspace: Workspace, uri: string, offset: number): RequestSuggestion {
  const subject = subjectsIn(workspace, uri).find(({ resource, place }) => resource.kind === 'ServiceEntry' && contains(place(resource.at.whole), offset));
  const clients = clientsOf(workspace.mesh);
  if (!subject) return { url: undefined, clients };
  const { spec } = subject.resource as Resource<'ServiceEntry'>;
  const here = (span: { readonly start: number; readonly end: number }) => contains(subject.place(span), offset);
  const host = spec.hosts.find(({ span }) => here(span)) ?? spec.hosts[0];
  const ports = spec.ports.filter(({ number }) => number !== undefined);
  const port = ports.find(({ span }) => here(span)) ?? ports[0];
  return { url: host && urlOf(host.value, port), clients };
}

const customary: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** A wildcard stands for any name below it. */
function urlOf(host: string, port: ServiceEntryPort | undefined): string {
  const kind = protocolKind(port?.protocol?.value);
  const scheme = kind === 'http' ? 'http' : kind === 'tls' ? 'https' : port ? 'tcp' : 'http';
  const number = port?.number?.value ?? 80;
  const name = host.replace(/^\*/, 'www');
  return `${scheme}://${name}${number === customary[scheme] ? '' : `:${number}`}${scheme === 'tcp' ? '' : '/'}`;
}

function clientsOf(mesh: Mesh): readonly string[] {
  const named = mesh.all('ServiceAccount').map(({ namespace, name }) => `${namespace}/${name}`);
  const running = [...mesh.all('Workload'), ...mesh.all('Pod')].map(({ namespace, spec }) => `${namespace}/${spec.serviceAccount?.value ?? 'default'}`);
  return [...new Set([...running, ...named])].sort();
}
