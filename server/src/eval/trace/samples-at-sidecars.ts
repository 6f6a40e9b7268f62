// Requests that rules of VirtualServices take at sidecars by their path, method or headers: each may go another way.
import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { hostsOfService, isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import type { Resource } from '../../model/resource.ts';
import type { VirtualServiceMatch } from '../../model/specs.ts';
import { patternsFor } from '../../names/hosts.ts';
import { hostMeant, sampleTo, type SampleRequest } from './sample-request.ts';

/** Each is followed for each client with a sidecar. */
const mostSamples = 8;

/** Of HTTP to the port; none where rules look at the host alone. */
export function samplesAtSidecars(mesh: Mesh, host: string, port: number): readonly SampleRequest[] {
  const services = patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern));
  const samples: SampleRequest[] = [];
  for (const service of services)
    for (const match of matchesFor(service, host)) {
      if (samples.length === mostSamples) return samples;
      if ((match.port || port) !== port || !isForMesh(match.gateways) || !match.http) continue;
      const sample = sampleTo({ ...match.http, bySegment: false }, { host, port }, hostsOfService(service));
      if (sample && sample !== 'other-host') samples.push(sample);
    }
  return samples;
}

/** Without those that want the Host of another host: a VirtualService can have a rule for each of thousands. */
function matchesFor(service: Resource<'VirtualService'>, host: string): readonly VirtualServiceMatch[] {
  const { all, others, byHost } = matchesOf(service);
  if (host.startsWith('*') || byHost.size === 0) return all;
  return [...others, ...(byHost.get(host) ?? [])].sort((a, b) => a - b).map((i) => all[i]!);
}

const matchesOf = keptFor((service: Resource<'VirtualService'>) => {
  const { spec, refused } = service;
  const all = isForMesh(spec.gateways) && !refused ? spec.http.flatMap((rule) => rule.matches) : [];
  const others: number[] = [];
  const byHost = new Map<string, [number, ...number[]]>();
  for (const [i, { http }] of all.entries()) {
    const meant = http && hostMeant(http, hostsOfService(service));
    if (meant === undefined) others.push(i);
    else addToGroup(byHost, meant, i);
  }
  return { all, others, byHost };
});
