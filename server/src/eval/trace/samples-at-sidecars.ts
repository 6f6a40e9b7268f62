// Requests that rules of VirtualServices take at sidecars by their path, method or headers: each may go another way.
import { keptFor } from '../../base/kept-for.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { hostsOfService, isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { byHostMeant, forHost, hostMeant } from './host-meant.ts';
import { sampleTo, type SampleRequest } from './sample-request.ts';

/** Each is followed for each client with a sidecar. */
const mostSamples = 8;

/** Of HTTP to the port; none where rules look at the host alone. */
export function samplesAtSidecars(mesh: Mesh, host: string, port: number): readonly SampleRequest[] {
  const services = patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern));
  const samples: SampleRequest[] = [];
  for (const service of services)
    for (const match of forHost(matchesOf(service), host)) {
      if (samples.length === mostSamples) return samples;
      if ((match.port || port) !== port || !isForMesh(match.gateways) || !match.http) continue;
      const sample = sampleTo({ ...match.http, bySegment: false }, { host, port }, hostsOfService(service));
      if (sample && sample !== 'other-host') samples.push(sample);
    }
  return samples;
}

const matchesOf = keptFor((service: Resource<'VirtualService'>) => {
  const { spec, refused } = service;
  const matches = isForMesh(spec.gateways) && !refused ? spec.http.flatMap((rule) => rule.matches) : [];
  return byHostMeant(matches, ({ http }) => http && hostMeant(http, hostsOfService(service)));
});
