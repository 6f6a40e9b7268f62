// Probable requests, from the manifests: clients and URLs.
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

/** `NAMESPACE/SERVICE-ACCOUNT` of the workloads and accounts that files show, sorted. */
export function clientsOf(mesh: Mesh): readonly string[] {
  const named = mesh.all('ServiceAccount').map(({ namespace, name }) => `${namespace}/${name}`);
  const running = [...mesh.all('Workload'), ...mesh.all('Pod')].map(
    ({ namespace, spec }) => `${namespace}/${spec.serviceAccount?.value ?? 'default'}`,
  );
  return [...new Set([...running, ...named])].sort();
}

const customary: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** A URL of a ServiceEntry's host and port. A wildcard is replaced by a name that it matches. */
export function urlOf(host: string, port: ServiceEntryPort | undefined): string {
  const kind = protocolKind(port?.protocol?.value);
  const scheme = schemeOf(kind, port);
  const number = port?.number?.value ?? 80;
  const name = host.replace(/^\*/, 'www');
  return `${scheme}://${name}${number === customary[scheme] ? '' : `:${number}`}${scheme === 'tcp' ? '' : '/'}`;
}

function schemeOf(kind: ReturnType<typeof protocolKind>, port: ServiceEntryPort | undefined): string {
  if (kind === 'tls') return 'https';
  return kind === 'http' || !port ? 'http' : 'tcp';
}
