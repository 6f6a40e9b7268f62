import { eachInSteps } from '../../base/steps.ts';
import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type Plain } from '../rule.ts';
import { entriesAt } from './reach.ts';
import { hostsOfEntry, shareHost } from '../../mesh/hosts/hosts-of-entry.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const unrestrictedEgressHost = defineRule({
  id: 'unrestricted-egress-host',
  stage: 'authorization',
  summary: 'Every workload can call a host, although policies restrict other hosts of its waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [...bindingInputs, ...targetingInputs],

  *check(entry, mesh) {
    const binding = bindWaypoint(mesh, entry);
    if (
      binding.state !== 'bound' ||
      entry.spec.hosts.length === 0 ||
      policiesAt(mesh, binding.gateway, entry).length > 0
    )
      return;
    // A mesh without any policy at its waypoint restricts elsewhere, or nothing on purpose.
    const sibling = restrictedSibling(mesh, binding.gateway, entry);
    if (!sibling) return;
    yield {
      at: entry.at.name,
      message: `Every workload can call ${entry.spec.hosts[0]!.value}: no policy restricts it, but policies restrict other hosts of ${describe(binding.gateway)}.`,
      related: [{ resource: sibling, at: sibling.at.name, message: `${describe(sibling)} restricts another host.` }],
      data: { policy: { namespace: sibling.namespace, name: sibling.name } },
    };
  },

  *fixes({ policy: { namespace, name } }, entry, mesh) {
    const sibling = mesh.named('AuthorizationPolicy', namespace, name)[0];
    const from = sibling ? sourcesOf(sibling) : [];
    if (
      from.length === 0 ||
      mesh.named('AuthorizationPolicy', entry.namespace, entry.name).length > 0 ||
      entry.listIndex !== undefined
    )
      return;
    const metadata = entry.at.namespace ? { name: entry.name, namespace: entry.namespace } : { name: entry.name };
    const spec = {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }],
      rules: [{ from }],
    };
    yield {
      title: `Allow only the clients of ${describe(sibling!)}`,
      safety: 'unsafe',
      changes: [
        {
          op: 'append-document',
          after: entry,
          manifest: { apiVersion: sibling!.written.apiVersion, kind: 'AuthorizationPolicy', metadata, spec },
        },
      ],
    };
  },
});

function restrictedSibling(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  entry: Resource<'ServiceEntry'>,
): Policy | undefined {
  return restrictedEntries(mesh, waypoint).find(({ entry: other }) => !shareHost(other, entry))?.by;
}

interface Restricted {
  readonly entry: Resource<'ServiceEntry'>;
  readonly by: Policy;
}

/** The first of those with the same hosts, as no other tells an entry more. */
function restrictedEntries(mesh: Mesh, waypoint: Resource<'Gateway'>): readonly Restricted[] {
  return mesh.derivedInSteps(`restricted at ${waypoint.id}`, function* (view) {
    const found = new Map<string, Restricted>();
    yield* eachInSteps(entriesAt(view, waypoint), (entry) => {
      const by = policiesAt(view, waypoint, entry).find((policy) => actionOf(policy) === 'ALLOW');
      const hosts = hostsOfEntry(entry).join(' ');
      if (by && !found.has(hosts)) found.set(hosts, { entry, by });
    });
    return [...found.values()];
  });
}

/** A bare account is one of the policy's namespace, and is written out where the policy moves. */
function sourcesOf({ spec, namespace }: Policy): readonly Plain[] {
  return (spec.rules ?? []).flatMap(({ from }) =>
    from.map(({ fields }) => ({
      source: Object.fromEntries(
        fields.map(({ name, values }) => [
          name,
          values.map(({ value }) =>
            name === 'serviceAccounts' && !value.includes('/') ? `${namespace}/${value}` : value,
          ),
        ]),
      ),
    })),
  );
}
