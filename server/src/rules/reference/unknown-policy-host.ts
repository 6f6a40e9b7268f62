import { setOf } from '../../base/set-of.ts';
import { nearest } from '../../base/nearest.ts';
import { looksInCluster, hostsOverlap } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { hostsBehind } from '../shared/hosts-behind.ts';
import { defineRule } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const unknownPolicyHost = defineRule({
  id: 'unknown-policy-host',
  stage: 'reference',
  summary: 'A policy names a host that no ServiceEntry of its target has, so no request matches it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0104'],
  subjects: ['AuthorizationPolicy'],
  inputs: bindingInputs,

  *check(policy, mesh) {
    const reached = hostsBehind(mesh, policy);
    if (!reached || reached.length === 0) return;
    for (const [i, { to }] of (policy.spec.rules ?? []).entries()) {
      for (const [j, { fields }] of to.entries()) {
        const { values = [] } = fields.find(({ name }) => name === 'hosts') ?? {};
        for (const [k, field] of values.entries()) {
          const { host, port } = splitPort(field.value);
          if (!isName(host, mesh) || canBeOne(host, reached) || isElsewhere(mesh, host)) continue;
          yield {
            at: field.span,
            message: `This value matches no request: no ServiceEntry that this policy applies to has the host ${host}.`,
            data: {
              host,
              port,
              path: ['spec', 'rules', i, 'to', j, 'operation', 'hosts', k],
              nearest: nearest(host, reached),
            },
          };
        }
      }
    }
  },

  *fixes({ port, path, nearest: found }, policy) {
    if (found !== undefined)
      yield {
        title: `Change the host to ${found}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path, value: `${found}${port}` }],
      };
  },
});

/** What is sent as the host may carry a port. istio@86c9f01 pilot/pkg/security/authz/matcher/header.go HostMatcher. */
function splitPort(value: string): { readonly host: string; readonly port: string } {
  const [, host = value, port = ''] = /^(.*?)(:(?:\d+|\*))$/.exec(value) ?? [];
  return { host: host.toLowerCase(), port };
}

/** Patterns with a star elsewhere than in front, and names of Services, of which there are many, are not judged. */
function isName(host: string, mesh: Mesh): boolean {
  return host.includes('.') && !host.slice(1).includes('*') && !looksInCluster(host, mesh.settings.clusterDomain);
}

/** Most hosts are written as an entry lists them. */
function canBeOne(written: string, hosts: readonly string[]): boolean {
  return setOf(hosts).has(written) || hosts.some((own) => hostsOverlap(own, written));
}

/** A ServiceEntry has the host but does not use this waypoint: another rule reports that there. */
function isElsewhere(mesh: Mesh, host: string): boolean {
  return mesh.hostOwners(host).some(({ resource }) => bindWaypoint(mesh, resource).state !== 'bound');
}
