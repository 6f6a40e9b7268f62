import { describe } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { secretReaders } from '../shared/written-manifests.ts';
import { unreadableCredentials } from './applied/unreadable-credentials.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const credentialNotReadable = defineRule({
  id: 'credential-not-readable',
  stage: 'tls',
  summary: 'Requests fail because a waypoint has no permission to list Secrets, so it gets no client certificate.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, 'Role', 'RoleBinding', 'Secret'],

  *check(rule, mesh) {
    for (const { field, waypoint, account } of unreadableCredentials(mesh, rule)) {
      yield {
        at: field.span,
        message: `Requests fail: ${describe(waypoint)} cannot read Secret ${field.value}, because no Role lets service account ${account} in ${waypoint.namespace} list Secrets.`,
        related: [{ resource: waypoint, at: waypoint.at.name, message: 'This waypoint needs it.' }],
        data: { namespace: waypoint.namespace, account },
      };
    }
  },

  *fixes({ namespace, account }, rule, mesh) {
    const name = `${account}-secrets`;
    if (
      rule.listIndex !== undefined ||
      mesh.named('Role', namespace, name).length > 0 ||
      mesh.named('RoleBinding', namespace, name).length > 0
    )
      return;
    const [role, binding] = secretReaders(namespace, account, name);
    yield {
      title: `Allow ${account} to list the Secrets of ${namespace}`,
      safety: 'unsafe',
      changes: [
        { op: 'append-document', after: rule, manifest: role },
        { op: 'append-document', after: rule, manifest: binding },
      ],
    };
  },
});
