// Faults that lie in a node of a DestinationRule itself. Each has a rule that reports it there; what asks from the ServiceEntry's
// side then keeps silent. Shared so that both sides mean the same.
import { firstOfEach } from '../../../base/first-of-each.ts';
import type { FieldPath } from '../../../base/field-path.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { NoTlsCause } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ClientTls, PortTrafficPolicy, ServiceEntryPort, TrafficPolicy } from '../../../model/specs.ts';
import { isContradicted } from '../applied/is-contradicted.ts';
import { isRoutedInPlaintext } from '../../../mesh/routes/rerouted.ts';
import { arrivesInTls, isExternal, targetPortsOf, tlsSiblingOf } from '../../../mesh/hosts/target-ports.ts';
import { ownersCoveredBy } from '../../../mesh/hosts/owners-covered-by.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';

/** An external host that a rule is for. */
export interface ExternalHost {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
}

/** The hosts outside the mesh that a rule's host names or covers. A rule for every host (`*`) is not intended for a single host. */
export function externalHostsOf(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly ExternalHost[] {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  return !host.includes('.') || isContradicted(mesh, rule) ? [] : externalHosts(mesh, host);
}

/** The same by the host of a rule. */
export function externalHosts(mesh: Mesh, pattern: string): readonly ExternalHost[] {
  return mesh.derived(`external hosts ${pattern}`, (view) => {
    const owners = ownersCoveredBy(view, pattern);
    if (owners.some(({ resource }) => resource.kind === 'Service')) return [];
    return owners.flatMap(({ resource, host: owned }) =>
      resource.kind === 'ServiceEntry' && isExternal(resource) && !isContradicted(view, resource)
        ? [{ entry: resource, host: owned }]
        : [],
    );
  });
}

export interface PortSetting {
  readonly setting: PortTrafficPolicy;
  readonly path: FieldPath;
  readonly on: ExternalHost;
  readonly port: ServiceEntryPort;
}

/**
 * Port settings that name a targetPort where no entry of the host has a port of that number, or only one that clients speak TLS to
 * while the setting originates TLS. istio@86c9f01 pilot/pkg/networking/util/util.go GetPortLevelTrafficPolicy.
 */
export function targetPortSettings(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly PortSetting[] {
  const hosts = externalHostsOf(mesh, rule);
  return policiesOf(rule).flatMap(({ policy, path }) =>
    policy.portLevelSettings.flatMap((setting) => {
      const number = setting.port?.value;
      if (number === undefined || hosts.some((on) => isIntendedFor(mesh, on, setting, number))) return [];
      return hosts.flatMap((on) =>
        on.entry.spec.ports
          .filter(
            (port) =>
              port.number?.value !== number && targetPortsOf(on.entry, port).some((target) => target.number === number),
          )
          .map((port) => ({ setting, path: [...path, 'portLevelSettings', setting.index], on, port })),
      );
    }),
  );
}

function isIntendedFor(mesh: Mesh, { entry, host }: ExternalHost, setting: PortTrafficPolicy, number: number): boolean {
  const port = portOf(entry, number);
  return (
    port !== undefined && !(arrivesInTls(port) && originates(setting.tls) && !isRoutedInPlaintext(mesh, number, host))
  );
}

/**
 * Port settings without `tls` that take a port's TLS away: the entry replaces the whole policy above it. On a port whose clients
 * speak TLS, while no route brings plaintext there, or that leads to a plaintext port, that is how one writes it. istio@86c9f01 pilot/pkg/networking/util/util.go GetPortLevelTrafficPolicy.
 */
export function settingsWithoutTls(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly PortSetting[] {
  const policy = rule.spec.trafficPolicy;
  if (!policy || !originates(policy.tls)) return [];
  const first = firstOfEach(policy.portLevelSettings, ({ port }) => port?.value);
  return first
    .filter(({ tls }) => !tls)
    .flatMap((setting) =>
      externalHostsOf(mesh, rule)
        .flatMap((on) => {
          const port = portOf(on.entry, setting.port?.value);
          const needsTls =
            port &&
            (!arrivesInTls(port) || isRoutedInPlaintext(mesh, port.number!.value, on.host)) &&
            targetPortsOf(on.entry, port).some(({ number }) => tlsSiblingOf(number) === undefined);
          return needsTls
            ? [{ setting, path: ['spec', 'trafficPolicy', 'portLevelSettings', setting.index], on, port }]
            : [];
        })
        .slice(0, 1),
    );
}

export interface TlsBlock {
  readonly tls: ClientTls;
  readonly path: FieldPath;
  /** Undefined where it holds for all ports. */
  readonly port: number | undefined;
}

/** The `tls` blocks of a rule, those of its subsets too. */
export function tlsBlocksOf(rule: Resource<'DestinationRule'>): readonly TlsBlock[] {
  return policiesOf(rule).flatMap(({ policy, path }) => [
    ...(policy.tls ? [{ tls: policy.tls, path: [...path, 'tls'], port: undefined }] : []),
    ...policy.portLevelSettings.flatMap(({ tls, index, port }) =>
      tls ? [{ tls, path: [...path, 'portLevelSettings', index, 'tls'], port: port?.value }] : [],
    ),
  ]);
}

/** Settings with the mesh's own mTLS in a rule for a host outside the mesh. A wide wildcard is usually the default of the mesh, so only hosts that a ServiceEntry names count. */
export function istioMutualBlocks(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
): readonly (TlsBlock & { readonly on: ExternalHost })[] {
  const on = externalHostsOf(mesh, rule).find(({ host }) => host === ruleHost(rule, mesh.settings.clusterDomain));
  return on
    ? tlsBlocksOf(rule)
        .filter(({ tls, port }) => tls.mode?.value === 'ISTIO_MUTUAL' && (port === undefined || portOf(on.entry, port)))
        .map((block) => ({ ...block, on }))
    : [];
}

/** Whether the cause of missing TLS is reported at the rule itself. */
export function isFaultOfRule(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  cause: NoTlsCause,
  port: ServiceEntryPort,
): boolean {
  switch (cause) {
    case 'port-mismatch':
      return targetPortSettings(mesh, rule).some(({ port: meant }) => meant.number?.value === port.number?.value);
    case 'port-entry-without-tls':
      return settingsWithoutTls(mesh, rule).some(({ setting }) => setting.port?.value === port.number?.value);
    case 'istio-mutual':
      return istioMutualBlocks(mesh, rule).length > 0;
    default:
      return false;
  }
}

/** MUTUAL without a client certificate comes to nothing. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go constructUpstreamTLS. */
export function originates(tls: ClientTls | undefined): boolean {
  const isComplete =
    Boolean(tls?.credentialName?.value) || Boolean(tls?.clientCertificate?.value && tls.privateKey?.value);
  return tls?.mode?.value === 'SIMPLE' || (tls?.mode?.value === 'MUTUAL' && isComplete);
}

function portOf(entry: Resource<'ServiceEntry'>, number: number | undefined): ServiceEntryPort | undefined {
  return number === undefined ? undefined : entry.spec.ports.find((port) => port.number?.value === number);
}

function policiesOf(
  rule: Resource<'DestinationRule'>,
): readonly { readonly policy: TrafficPolicy; readonly path: FieldPath }[] {
  const { trafficPolicy, subsets } = rule.spec;
  return [
    ...(trafficPolicy ? [{ policy: trafficPolicy, path: ['spec', 'trafficPolicy'] }] : []),
    ...subsets.flatMap((subset, i) =>
      subset.trafficPolicy ? [{ policy: subset.trafficPolicy, path: ['spec', 'subsets', i, 'trafficPolicy'] }] : [],
    ),
  ];
}
