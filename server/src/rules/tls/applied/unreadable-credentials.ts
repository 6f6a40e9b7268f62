// Secrets of a rule that a waypoint needs and has no permission to read.
import { credentialOf, type SecretAccess } from '../../../mesh/destination-rules/credential.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Field } from '../../../model/field.ts';
import type { Resource } from '../../../model/resource.ts';
import { appliedBlocks, firstOfEachBlock } from './applied-blocks.ts';

export interface UnreadableCredential {
  readonly field: Field<string>;
  readonly waypoint: Resource<'Gateway'>;
  readonly access: SecretAccess;
}

/** istio@86c9f01 pilot/pkg/xds/sds.go filterAuthorizedResources; pilot/pkg/credentials/kube/secrets.go Authorize. */
export function* unreadableCredentials(mesh: Mesh, rule: Resource<'DestinationRule'>): Generator<UnreadableCredential> {
  for (const {
    block: { tls },
    waypoint,
  } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
    const credential = credentialOf(mesh, tls, waypoint);
    if (credential?.state === 'read' && credential.parts.some(({ allowed }) => allowed === 'no'))
      yield { field: credential.field, waypoint, access: credential.access };
  }
}
