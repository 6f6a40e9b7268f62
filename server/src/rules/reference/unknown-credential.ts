import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const unknownCredential = defineRule({
  id: 'unknown-credential',
  stage: 'reference',
  summary: "Connections to a host fail if the waypoint's namespace has no Secret with the name in `credentialName`.",
  severity: 'information',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: [...bindingInputs, 'Secret'],

  *check(rule, mesh) {
    const namespaces = waypointNamespaces(mesh, rule);
    for (const field of credentialsOf(rule)) {
      const name = field.value.replace(/^kubernetes:\/\//, '');
      if (name === '' || name.includes('/')) continue;
      const lacking = namespaces.filter(
        (namespace) => mesh.knows('Secret', namespace) && !hasSecret(mesh, namespace, name),
      );
      // A Secret beside the rule is `credential-in-wrong-namespace`.
      if (lacking.length === 0 || hasSecret(mesh, rule.namespace, name)) continue;
      yield {
        at: field.span,
        message: `Requests to the host fail unless Secret ${lacking[0]}/${name} exists: these files declare no such Secret in the waypoint's namespace.`,
        data: {},
      };
    }
  },
});

/** Authorities alone may stand in a Secret of their own. istio@86c9f01 pilot/pkg/model/credentials/resource.go. */
function hasSecret(mesh: Mesh, namespace: string, name: string): boolean {
  return [name, `${name}-cacert`].some((secret) => mesh.named('Secret', namespace, secret).length > 0);
}

function waypointNamespaces(mesh: Mesh, rule: Resource<'DestinationRule'>): string[] {
  const owners = mesh.hostOwners(ruleHost(rule, mesh.settings.clusterDomain));
  const bindings = owners.map(({ resource }) => bindWaypoint(mesh, resource));
  return [...new Set(bindings.flatMap((binding) => (binding.state === 'bound' ? [binding.gateway.namespace] : [])))];
}

function credentialsOf({ spec }: Resource<'DestinationRule'>): Field<string>[] {
  const policies = [spec.trafficPolicy, ...(spec.trafficPolicy?.portLevelSettings ?? [])];
  return policies.flatMap((policy) => policy?.tls?.credentialName ?? []);
}
