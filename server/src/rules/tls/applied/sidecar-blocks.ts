// Blocks of a DestinationRule that sidecars apply to outside hosts which they call directly. server/docs/istio-semantics-classic.md §E.30, §L.28.
import { groupBy } from '../../../base/group-by.ts';
import { bindWaypoint } from '../../../mesh/binding/waypoint-binding.ts';
import { namespacesJoining } from '../../../mesh/clients/data-plane.ts';
import { rulesAtProxy } from '../../../mesh/destination-rules/proxy-rules.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import { isExportedTo } from '../../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ClientTls, ServiceEntryPort } from '../../../model/specs.ts';
import {
  externalHosts,
  externalHostsOf,
  originates,
  tlsBlocksOf,
  type ExternalHost,
  type TlsBlock,
} from '../faults/faults-of-rule.ts';

export interface SidecarBlock {
  readonly block: TlsBlock;
  readonly on: ExternalHost;
  readonly port: ServiceEntryPort;
}

/** Of more namespaces the others are alike as a rule. */
const mostNamespaces = 20;

/** Hosts with routes are left out: these may lead elsewhere. */
export function blocksAtSidecars(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  isWanted: (tls: ClientTls) => boolean,
  isWantedPort: (port: ServiceEntryPort) => boolean = () => true,
): readonly SidecarBlock[] {
  const blocks = tlsBlocksOf(rule).filter(
    ({ tls, path }) => path[1] === 'trafficPolicy' && originates(tls) && isWanted(tls),
  );
  const namespaces = namespacesJoining(mesh, 'sidecar').slice(0, mostNamespaces);
  if (blocks.length === 0 || namespaces.length === 0) return [];
  return calledDirectly(mesh, rule)
    .filter((on) => on.entry.spec.ports.some(isWantedPort))
    .flatMap((on) =>
      on.entry.spec.ports
        .filter(isWantedPort)
        .flatMap((port) =>
          blocks.flatMap((block) =>
            namespaces.some((namespace) => applies(mesh, { rule, block, on, port, namespace }))
              ? [{ block, on, port }]
              : [],
          ),
        ),
    );
}

/** Looked through once for all rules of a host, of which there can be as many as entries. */
function calledDirectly(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly ExternalHost[] {
  const all = externalHostsOf(mesh, rule);
  if (all.length < 2) return all.filter((on) => isCalledDirectly(mesh, on));
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  return mesh.derived(`called directly ${host}`, (view) => {
    const byHost = groupBy(externalHosts(view, host), (on) => on.host);
    return [...byHost.values()].flatMap(([on, ...others]) =>
      others.length === 0 && isCalledDirectly(view, on) ? [on] : [],
    );
  });
}

function isCalledDirectly(mesh: Mesh, { entry, host }: ExternalHost): boolean {
  return (
    mesh.hostOwners(host).length === 1 &&
    bindWaypoint(mesh, entry).state === 'unbound' &&
    mesh.virtualServices(host).length === 0 &&
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).length === 0
  );
}

interface Question extends SidecarBlock {
  readonly rule: Resource<'DestinationRule'>;
  readonly namespace: string;
}

function applies(mesh: Mesh, { rule, block, on, port, namespace }: Question): boolean {
  const { entry, host } = on;
  if (!port.number || !isExportedTo(mesh, entry, namespace)) return false;
  const target = { host, port: port.number.value, subset: undefined, owner: entry };
  const [found, ...more] = rulesAtProxy(mesh, { namespace, labels: new Map() }, target) ?? [];
  const isIt = found?.state === 'rule' && more.length === 0 && found.rule.id === rule.id;
  return isIt && found.tls.tls === block.tls;
}
