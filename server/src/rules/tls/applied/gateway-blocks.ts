// Blocks of a DestinationRule that egress gateways apply to the hosts that their routes lead to.
// server/docs/istio-semantics-classic.md §E.30, §L.25.
import { firstOfEach } from '../../../base/first-of-each.ts';
import type { EgressGateway } from '../../../mesh/clients/egress-gateway.ts';
import { egressGatewaysOf } from '../../../mesh/clients/gateways-of-pods.ts';
import { credentialPlace } from '../../../mesh/destination-rules/credential.ts';
import { rulesAtProxy } from '../../../mesh/destination-rules/proxy-rules.ts';
import { gatewayNamed } from '../../../mesh/routes/gateway-servers.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Field } from '../../../model/field.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ClientTls, RouteDestination, VirtualServiceRoute } from '../../../model/specs.ts';
import { fullHost } from '../../../names/hosts.ts';
import {
  externalHostsOf,
  originates,
  tlsBlocksOf,
  type ExternalHost,
  type TlsBlock,
} from '../faults/faults-of-rule.ts';

export interface GatewayBlock {
  readonly block: TlsBlock;
  readonly on: ExternalHost;
  /** Of the host, which the gateway connects to. */
  readonly port: number;
  readonly pods: EgressGateway;
}

/** Each block of the kind that is asked for, with every route of an egress gateway that it is applied to. */
export function blocksAtGateways(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  isWanted: (tls: ClientTls) => boolean,
): readonly GatewayBlock[] {
  const blocks = tlsBlocksOf(rule).filter(({ tls }) => originates(tls) && isWanted(tls));
  if (blocks.length === 0) return [];
  const applied = externalHostsOf(mesh, rule).flatMap((on) => appliedAt(mesh, rule, on));
  return blocks.flatMap((block) =>
    applied.flatMap(({ tls, ...where }) => (tls === block.tls ? [{ block, ...where }] : [])),
  );
}

export interface GatewayCredential {
  readonly block: TlsBlock;
  readonly on: ExternalHost;
  readonly field: Field<string>;
  readonly pods: EgressGateway;
  /** Where the Secret must be by its written name: the gateway is given those of its own namespace only. */
  readonly namespace: string;
  readonly name: string;
}

/** Each block at the first gateway that applies it. Names that are no Secret's are left out. */
export function gatewayCredentials(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly GatewayCredential[] {
  const found = blocksAtGateways(mesh, rule, needsSecret);
  const first = firstOfEach(found, ({ block }) => block.tls);
  return first.flatMap(({ block, on, pods }): GatewayCredential[] => {
    const field = block.tls.credentialName!;
    const place = credentialPlace(field.value, pods.namespace);
    if (place === 'form' || place.kind !== 'Secret') return [];
    return [{ block, on, field, pods, namespace: place.namespace, name: place.name }];
  });
}

/** Without a check of the server nothing is read from it but a certificate of one's own. */
function needsSecret(tls: ClientTls): boolean {
  const isChecked = tls.mode?.value === 'MUTUAL' || !tls.insecureSkipVerify?.value;
  return Boolean(tls.credentialName?.value) && isChecked;
}

interface AppliedAt extends Omit<GatewayBlock, 'block'> {
  readonly tls: ClientTls;
}

function appliedAt(mesh: Mesh, rule: Resource<'DestinationRule'>, on: ExternalHost): AppliedAt[] {
  const { entry, host } = on;
  return mesh.virtualServicesRoutingTo(host).flatMap((service) =>
    gatewaysOf(mesh, service).flatMap(({ written, pods }) =>
      destinationsAt(mesh, service, written, host).flatMap((destination): AppliedAt[] => {
        const port = destination.port?.value ?? onlyPort(entry);
        if (port === undefined) return [];
        const target = { host, port, subset: destination.subset?.value, owner: entry };
        const [found, ...more] = rulesAtProxy(mesh, pods, target) ?? [];
        if (found?.state !== 'rule' || more.length > 0 || found.rule.id !== rule.id || !found.tls.tls) return [];
        return [{ tls: found.tls.tls, on, port, pods }];
      }),
    ),
  );
}

function gatewaysOf(
  mesh: Mesh,
  { namespace, spec }: Resource<'VirtualService'>,
): readonly { readonly written: string; readonly pods: EgressGateway }[] {
  return spec.gateways.flatMap(({ value }) => {
    if (value === 'mesh') return [];
    const { namespace: home, name } = gatewayNamed(value, namespace);
    return mesh.named('IstioGateway', home, name).flatMap((gateway) =>
      mesh
        .derived(`egress gateways of ${gateway.id}`, (view) => egressGatewaysOf(view, gateway))
        .filter(({ gateways }) => gateways.includes(gateway))
        .map((pods) => ({ written: value, pods })),
    );
  });
}

/** What the routes that count at that gateway send to the host. */
function destinationsAt(
  mesh: Mesh,
  { namespace, spec }: Resource<'VirtualService'>,
  gateway: string,
  host: string,
): readonly RouteDestination[] {
  return [...spec.http, ...spec.tls, ...spec.tcp]
    .filter((leg) => countsAt(leg, gateway))
    .flatMap(({ destinations }) => destinations)
    .filter((one) => one.host && fullHost(one.host.value, namespace, mesh.settings.clusterDomain) === host);
}

function countsAt({ matches }: VirtualServiceRoute, gateway: string): boolean {
  return (
    matches.length === 0 ||
    matches.some(({ gateways }) => gateways.length === 0 || gateways.some(({ value }) => value === gateway))
  );
}

function onlyPort({ spec }: Resource<'ServiceEntry'>): number | undefined {
  return spec.ports.length === 1 ? spec.ports[0]?.number?.value : undefined;
}
