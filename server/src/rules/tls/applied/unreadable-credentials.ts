// Secrets of a rule that a waypoint needs and has no permission to read.
import { credentialOf } from '../../../mesh/destination-rules/credential.ts';
import { serviceAccountOf, waypointReader } from '../../../mesh/destination-rules/secret-access.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Field } from '../../../model/field.ts';
import type { Resource } from '../../../model/resource.ts';
import { appliedBlocks, firstOfEachBlock } from './applied-blocks.ts';

export interface UnreadableCredential {
  readonly field: Field<string>;
  readonly waypoint: Resource<'Gateway'>;
  /** Of the waypoint. */
  readonly account: string;
}

/** istio@86c9f01 pilot/pkg/xds/sds.go filterAuthorizedResources; pilot/pkg/credentials/kube/secrets.go Authorize. */
export function* unreadableCredentials(mesh: Mesh, rule: Resource<'DestinationRule'>): Generator<UnreadableCredential> {
  for (const {
    block: { tls },
    waypoint,
  } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
    const credential = credentialOf(mesh, tls, waypointReader(waypoint));
    if (credential?.state === 'read' && credential.parts.some(({ allowed }) => allowed === 'no'))
      yield { field: credential.field, waypoint, account: serviceAccountOf(waypoint) };
  }
}
