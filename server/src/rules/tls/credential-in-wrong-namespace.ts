import { credentialOf, type CredentialPart } from '../../mesh/destination-rules/credential.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { defineRule, type Related } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock } from './applied/applied-blocks.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const credentialInWrongNamespace = defineRule({
  id: 'credential-in-wrong-namespace',
  stage: 'tls',
  summary:
    "Requests fail because a Secret is in the DestinationRule's namespace, and a waypoint reads only its own namespace.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: [...tlsInputs, 'Secret', 'Role', 'RoleBinding'],

  *check(rule, mesh) {
    for (const {
      block: { tls },
      waypoint,
    } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const credential = credentialOf(mesh, tls, waypoint);
      if (!credential || (credential.state === 'refused' && credential.reason !== 'other-namespace')) continue;
      const { field } = credential;
      const at =
        credential.state === 'refused'
          ? named(field.value)
          : besideRule(mesh, credential.parts, rule.namespace, waypoint.namespace);
      if (!at) continue;
      // istio@86c9f01 pilot/pkg/model/credentials/resource.go ParseResourceName; pilot/pkg/xds/sds.go filterAuthorizedResources.
      yield {
        at: field.span,
        message: `TLS fails: ${describe(waypoint)} reads Secrets only from namespace ${waypoint.namespace}, and ${at.name} is in ${at.namespace}.`,
        related: at.related,
        data: {},
      };
    }
  },
});

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly related: readonly Related[];
}

function named(credential: string): Place {
  const [namespace = '', name = ''] = credential.replace(/^[a-z]+:\/\//, '').split('/');
  return { namespace, name, related: [] };
}

/** A Secret of that name with the rule and none with the waypoint. */
function besideRule(mesh: Mesh, parts: readonly CredentialPart[], own: string, needed: string): Place | undefined {
  const part = parts.find(({ kind, secret }) => kind === 'Secret' && !secret);
  const secret = part && own !== needed ? part.names.flatMap((name) => mesh.named('Secret', own, name))[0] : undefined;
  return (
    secret && {
      namespace: own,
      name: secret.name,
      related: [{ resource: secret, at: secret.at.name, message: 'The Secret is here.' }],
    }
  );
}
