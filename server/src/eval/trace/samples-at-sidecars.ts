// Requests that rules of VirtualServices take at sidecars by their path, method or headers: each may go another way.
import type { Mesh } from '../../mesh/mesh.ts';
import { isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { patternsFor } from '../../names/hosts.ts';
import { sampleRequest, type SampleRequest } from './sample-request.ts';

/** Each is followed for each client with a sidecar. */
const mostSamples = 8;

/** Of HTTP to the port; none where rules look at the host alone. */
export function samplesAtSidecars(mesh: Mesh, host: string, port: number): readonly SampleRequest[] {
  const services = patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern));
  const matches = services
    .filter(({ spec, refused }) => isForMesh(spec.gateways) && !refused)
    .flatMap(({ spec }) => spec.http.flatMap((rule) => rule.matches));
  const conditions = matches
    .filter((match) => (match.port || port) === port && isForMesh(match.gateways) && match.http)
    .flatMap(({ http }) => (http ? [{ ...http, bySegment: false }] : []));
  return conditions.slice(0, mostSamples).flatMap((condition) => sampleRequest(condition) ?? []);
}
