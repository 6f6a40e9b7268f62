import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import { bindWaypoint, type WaypointLabel } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { tlsInputs } from '../shared/inputs.ts';
import { isAtOtherProxies } from '../shared/other-proxies.ts';

interface Data {
  readonly isHidden: boolean;
}

export const exportToNotEnforced = defineRule({
  id: 'export-to-not-enforced',
  stage: 'capture',
  summary: 'A ServiceEntry is exported to some namespaces, but ambient pods of every namespace can use it.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: tlsInputs,

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    yield* hiddenFromWaypoint(mesh, entry);
    const [first] = entry.spec.exportTo ?? [];
    const binding = bindWaypoint(mesh, entry);
    if (
      !first ||
      binding.state !== 'bound' ||
      entry.spec.exportTo!.some(({ value }) => value === '*') ||
      mesh.settings.serviceEntryVisibility ||
      !isExportedTo(mesh, entry, binding.gateway.namespace)
    )
      return;
    const { gateway } = binding;
    // A policy already says which clients may call.
    if (policiesAt(mesh, gateway, entry).length > 0 || isForWaypointOnly(entry, gateway.namespace)) return;
    // ztunnel@62d8265 src/dns/server.rs find_server; istio/istio#55163.
    yield {
      at: first.span,
      message: `Ambient pods of every namespace can call these hosts: ztunnel ignores exportTo of ${describe(entry)}.`,
      data: { isHidden: false },
    };
  },

  *fixes({ isHidden }, entry, mesh) {
    if (isHidden) return;
    const namespaces = entry.spec
      .exportTo!.map(({ value }) => (value === '.' ? entry.namespace : value))
      .filter((value) => value !== '~');
    if (
      entry.listIndex !== undefined ||
      namespaces.length === 0 ||
      mesh.named('AuthorizationPolicy', entry.namespace, entry.name).length > 0
    )
      return;
    const metadata = entry.at.namespace ? { name: entry.name, namespace: entry.namespace } : { name: entry.name };
    const spec = {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }],
      rules: [{ from: [{ source: { namespaces } }] }],
    };
    yield {
      title: `Allow only clients of ${namespaces.join(', ')}`,
      safety: 'unsafe',
      changes: [
        {
          op: 'append-document',
          after: entry,
          manifest: { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec },
        },
      ],
    };
  },
});

/**
 * A waypoint selects DestinationRules only for hosts that are exported to its namespace, but takes their connections all the same:
 * server/docs/istio-semantics.md §3.6. istio@86c9f01 pilot/pkg/model/sidecar.go servicesExportedToNamespace.
 */
function* hiddenFromWaypoint(mesh: Mesh, entry: Resource<'ServiceEntry'>): Iterable<RuleFinding<Data>> {
  const binding = bindWaypoint(mesh, entry);
  const label = binding.state === 'bound' || binding.state === 'unknown' ? binding.label : undefined;
  if (!label || mesh.settings.serviceEntryVisibility || isExportedTo(mesh, entry, label.namespace)) return;
  if (!losesNoRule(mesh, entry) || isAtOtherProxies(mesh, entry)) return;
  const gateway = binding.state === 'bound' ? binding.gateway : undefined;
  const finding = hiddenFinding(entry, label, gateway);
  // Where a policy says who may call, and no DestinationRule is there to be lost, nothing is wrong yet.
  yield gateway && policiesAt(mesh, gateway, entry).length > 0 ? { ...finding, severity: 'information' } : finding;
}

/** Where no file shows the waypoint, the finding holds if it exists. */
function hiddenFinding(
  entry: Resource<'ServiceEntry'>,
  label: WaypointLabel,
  gateway: Resource<'Gateway'> | undefined,
): RuleFinding<Data> {
  const [first] = entry.spec.exportTo ?? [];
  const setting = first ? `exportTo of ${describe(entry)}` : "the mesh's defaultServiceExportTo";
  const waypoint = gateway ? describe(gateway) : `Waypoint ${label.namespace}/${label.name}, if it exists,`;
  return {
    at: first?.span ?? entry.at.name,
    message: `${waypoint} applies no DestinationRule to these hosts: ${setting} leaves out namespace ${label.namespace}, in which the waypoint runs. ztunnel ignores exportTo, so pods of every namespace can call them.`,
    related: gateway
      ? [{ resource: gateway, at: gateway.at.name, message: `This waypoint is in namespace ${gateway.namespace}.` }]
      : [{ resource: label.on, at: label.field.span, message: 'This label names the waypoint.' }],
    severity: gateway ? 'warning' : 'information',
    data: { isHidden: true },
  };
}

/** Another rule reports a DestinationRule that is not applied, at the rule or at the port. If the host has another owner, the namespace of that owner decides. */
function losesNoRule(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  return hostsOfEntry(entry).every((host) =>
    // One answer for all owners of the host, of which there can be thousands.
    mesh.derived(
      `one owner and no rule ${normalizeHost(host)}`,
      (view) => view.hostOwners(host).length <= 1 && view.destinationRulesAnywhere(host).length === 0,
    ),
  );
}

/** A waypoint in another namespace needs exactly its own namespace and that of the ServiceEntry: such a list does not intend to hide the ServiceEntry. */
function isForWaypointOnly({ namespace, spec }: Resource<'ServiceEntry'>, waypoint: string): boolean {
  const named = spec.exportTo!.map(({ value }) => (value === '.' ? namespace : value));
  return waypoint !== namespace && named.every((one) => one === waypoint || one === namespace);
}
