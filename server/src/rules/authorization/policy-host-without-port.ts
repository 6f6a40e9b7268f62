import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { fieldsNamed, portsUnder, reachOf } from './reach.ts';
import { pathsOfValues } from './value-paths.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const policyHostWithoutPort = defineRule({
  id: 'policy-host-without-port',
  stage: 'authorization',
  summary:
    'A policy does not match requests to ports other than 80 and 443: it names the host without the port that clients send.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: bindingInputs,

  *check(policy, mesh) {
    const { entries } = reachOf(mesh, policy);
    for (const [rule, written] of (policy.spec.rules ?? []).entries()) {
      const hosts = fieldsNamed(written, 'hosts').flatMap(({ values }) => values);
      for (const host of hosts) {
        const number =
          host.value.includes('*') ||
          host.value.includes(':') ||
          hosts.some(({ value }) => value.startsWith(`${host.value}:`))
            ? undefined
            : (withHost(entries).get(host.value.toLowerCase()) ?? [])
                .flatMap((entry) => portsUnder(written, entry))
                .find(isOtherPort)?.number?.value;
        if (number === undefined) continue;
        // istio@86c9f01 pilot/pkg/security/authz/matcher/header.go HostMatcher.
        yield {
          at: host.span,
          message: `Requests to port ${number} do not match ${host.value}: clients send the host as ${host.value}:${number}.`,
          data: { rule, host: host.value },
        };
      }
    }
  },

  *fixes({ rule, host }, policy) {
    const path = pathsOfValues(policy, rule).find(({ field, value }) => field === 'hosts' && value === host)?.path;
    if (path)
      yield {
        title: `Add ${host}:*`,
        safety: 'unsafe',
        changes: [{ op: 'append', in: policy, path: path.slice(0, -1), value: `${host}:*` }],
      };
  },
});

/** Thousands of policies can be for the entries of one waypoint. */
const withHost = keptFor((entries: readonly Resource<'ServiceEntry'>[]) => {
  const found = new Map<string, [Resource<'ServiceEntry'>, ...Resource<'ServiceEntry'>[]]>();
  for (const entry of entries)
    for (const host of new Set(entry.spec.hosts.map(({ value }) => value.toLowerCase())))
      addToGroup(found, host, entry);
  return found;
});

function isOtherPort({ number, protocol }: Resource<'ServiceEntry'>['spec']['ports'][number]): boolean {
  return (
    protocolKind(protocol?.value) === 'http' && number !== undefined && number.value !== 80 && number.value !== 443
  );
}
