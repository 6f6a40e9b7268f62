import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { defineRule, type Related } from '../rule.ts';
import { appliedBlocks, appliedInputs, firstOfEachBlock } from './applied-blocks.ts';

export const credentialInWrongNamespace = defineRule({
  id: 'credential-in-wrong-namespace',
  stage: 'tls',
  summary: 'A Secret is beside the DestinationRule, but a waypoint reads its own namespace\'s only.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: [...appliedInputs, 'Secret'],

  *check(rule, mesh) {
    for (const { block: { tls }, waypoint } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const field = tls.credentialName;
      const at = field && placeOf(mesh, field.value, rule.namespace, waypoint.namespace);
      if (!field || !at) continue;
      // istio@86c9f01 pilot/pkg/model/credentials/resource.go ParseResourceName; pilot/pkg/xds/sds.go filterAuthorizedResources.
      yield { at: field.span, message: `${describe(waypoint)} reads Secrets of ${waypoint.namespace} only, and ${at.name} is in ${at.namespace}.`, related: at.related, data: {} };
    }
  },
});

interface Place { readonly namespace: string; readonly name: string; readonly related: readonly Related[] }

/** Where the Secret is, if not with the waypoint. */
function placeOf(mesh: Mesh, credential: string, own: string, needed: string): Place | undefined {
  const [, namespace, named] = /^kubernetes:\/\/([^/]+)\/(.+)$/.exec(credential) ?? [];
  if (namespace !== undefined && named !== undefined) return namespace === needed ? undefined : { namespace, name: named, related: [] };
  const name = credential.replace(/^kubernetes:\/\//, '');
  if (/^[a-z]+:\/\//.test(name) || own === needed) return undefined;
  const secrets = (place: string) => [name, `${name}-cacert`].flatMap((secret) => mesh.named('Secret', place, secret));
  const [secret] = secrets(own);
  if (!secret || secrets(needed).length > 0) return undefined;
  return { namespace: own, name, related: [{ resource: secret, at: secret.at.name, message: 'This is where it is.' }] };
}
