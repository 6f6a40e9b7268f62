// Gateways of the Gateway API for which istiod makes the pods and the Service, other than waypoints.
// server/docs/istio-semantics-classic.md §I.1 to §I.3.
import type { Resource } from '../../model/resource.ts';
import { gatewayClassName, gatewayManaged, gatewayName, gatewayNameOverride } from '../../model/label-names.ts';
import { serviceHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';

type Gateway = Resource<'Gateway'>;

const controller = 'istio.io/gateway-controller';

/** The one whose Service has the host. One that names a Service of its own is not among them. */
export function managedGatewayBehind(mesh: Mesh, host: string): Gateway | undefined {
  const [, namespace = ''] = host.split('.');
  return mesh
    .inNamespace('Gateway', namespace)
    .find((gateway) => isManaged(mesh, gateway) && hostOfGateway(mesh, gateway) === host);
}

/** istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/gateway_utils.go IsManaged, classinfo.go ClassInfos. */
export function isManaged(mesh: Mesh, gateway: Gateway): boolean {
  return gateway.spec.services === undefined && isOfIstio(mesh, gateway);
}

function isOfIstio(mesh: Mesh, { spec }: Gateway): boolean {
  const name = spec.gatewayClassName?.value;
  if (name === undefined) return false;
  const [declared] = mesh.named('GatewayClass', '', name);
  return declared ? declared.spec.controllerName?.value === controller : name === 'istio';
}

/** Those whose `addresses` name the Service with that host, in its own namespace. istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways. */
export function gatewaysNaming(mesh: Mesh, host: string): readonly Gateway[] {
  const [, namespace = ''] = host.split('.');
  const hostOf = (name: string) =>
    name.includes('.') ? name : serviceHost({ name, namespace }, mesh.settings.clusterDomain);
  return mesh
    .inNamespace('Gateway', namespace)
    .filter((one) => one.spec.services?.some((name) => hostOf(name) === host) === true && isOfIstio(mesh, one));
}

/** istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/gateway_utils.go GetDefaultName. */
export function hostOfGateway(mesh: Mesh, { name, namespace, spec, annotations }: Gateway): string {
  const service = annotations.get(gatewayNameOverride)?.value ?? `${name}-${spec.gatewayClassName?.value ?? ''}`;
  return serviceHost({ name: service, namespace }, mesh.settings.clusterDomain);
}

/** istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml. */
export function podLabelsOf({ name, spec }: Gateway): ReadonlyMap<string, string> {
  return new Map([
    ...(spec.podLabels ?? []),
    [gatewayName, name],
    [gatewayClassName, spec.gatewayClassName?.value ?? ''],
    [gatewayManaged, 'istio.io-gateway-controller'],
  ]);
}

/** Its Service has the listeners' ports. */
export function portsOfGateway({ spec }: Gateway): readonly number[] {
  return spec.listeners.flatMap(({ port }) => (port ? [port.value] : []));
}
