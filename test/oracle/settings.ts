// The same MeshConfig as our own reader understands it.
import type { MeshSettings } from '../../server/src/mesh/settings.ts';
import { readMeshConfig } from '../../server/src/sources/mesh-config.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { meshConfigOf, type Profile, type Sample } from './generate.ts';

export function settingsOf(sample: Sample, { flags }: Profile): Partial<MeshSettings> {
  const read = readMeshConfig(parseDocument(meshConfigOf(sample)).root);
  // istiod reads its flags as it starts; what is not set there is off.
  const wildcardTls = flags?.['ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS'] === 'true';
  return {
    ...read,
    wildcardTls,
    ...(flags?.['PILOT_ENABLE_IP_AUTOALLOCATE'] === 'false' && { autoAllocateAddresses: false }),
  };
}
