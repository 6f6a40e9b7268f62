// The gateway behind a Service: its pods, the Gateways that configure them, and the servers on one of its ports.
// server/docs/istio-semantics-classic.md §F.1 to §F.5.
import { keptFor, keptIn } from '../../base/kept-for.ts';
import { selects, textLabels } from '../label-selector.ts';
import type { Resource } from '../../model/resource.ts';
import { serviceHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { withChartLabels, type Server } from '../routes/gateway-servers.ts';
import { serversOfListeners, type ListenerServer } from '../routes/listener-servers.ts';
import { workloadsSelected, type Workload } from './data-plane.ts';
import { asksForGateway } from './injection.ts';
import { gatewaysNaming, managedGatewayBehind, podLabelsOf } from './managed-gateway.ts';

type Gateway = Resource<'IstioGateway'>;

export interface EgressGateway {
  /** Of the Service, which the routes of sidecars name. */
  readonly host: string;
  readonly name: string;
  /** Of its pods. */
  readonly namespace: string;
  readonly service: Resource<'Service'> | undefined;
  readonly labels: ReadonlyMap<string, string>;
  /** False where no file shows the pods: they may have more labels. */
  readonly hasAllLabels: boolean;
  /** Gateways whose selector has the pods. */
  readonly gateways: readonly Gateway[];
  /** Gateways whose selector asks for labels that the pods may have. */
  readonly possible: readonly Gateway[];
  /** Of the Gateway API, whose `addresses` name the Service. */
  readonly naming: readonly Resource<'Gateway'>[];
  /** Of the Gateway API, which the pods are made for. */
  readonly managed?: Resource<'Gateway'> | undefined;
}

/** The gateway behind the Service of that host, whether files have the Service or not. */
export function egressGatewayAt(mesh: Mesh, host: string): EgressGateway | undefined {
  if (!isServiceHost(mesh, host)) return undefined;
  const owners = mesh.hostOwners(host).map(({ resource }) => resource);
  return egressGatewayOf(
    mesh,
    host,
    owners.find((owner) => owner.kind === 'Service'),
  );
}

/** Other hosts can have thousands of owners. */
function isServiceHost(mesh: Mesh, host: string): boolean {
  const [name = '', namespace = ''] = host.split('.', 2);
  return host === serviceHost({ name, namespace }, mesh.settings.clusterDomain);
}

/** Undefined if nothing shows that the Service's pods are a gateway. One for all requests that come to it. */
export function egressGatewayOf(
  mesh: Mesh,
  host: string,
  service: Resource<'Service'> | undefined,
): EgressGateway | undefined {
  return mesh.derived(`egress gateway ${host} ${service?.id ?? ''}`, (view) => gatewayBehind(view, host, service));
}

function gatewayBehind(mesh: Mesh, host: string, service: Resource<'Service'> | undefined): EgressGateway | undefined {
  if (!isServiceHost(mesh, host)) return undefined;
  const [name = '', namespace = ''] = host.split('.', 2);
  const managed = managedGatewayBehind(mesh, host);
  if (managed) return ofManaged(mesh, host, service, managed);
  const selector = service?.spec.selector;
  if (service && (!selector || selector.size === 0)) return undefined;
  const [workload] = selector ? workloadsSelected(mesh, namespace, selector) : [];
  const labels = workload ? textLabels(workload.spec.labels) : withChartLabels(selector ?? chartLabels(name));
  const hasAllLabels = workload !== undefined;
  const { gateways, possible } = selecting(mesh, labels, hasAllLabels);
  const naming = gatewaysNaming(mesh, host);
  const isConfigured = gateways.length + possible.length + naming.length > 0;
  if (!isConfigured && !isInstalled(workload, selector) && !isNamedGateway(name, labels)) return undefined;
  return { host, name, namespace, service, labels, hasAllLabels, gateways, possible, naming };
}

/** Gateways whose selector the pods have, and those that they may have. */
function selecting(
  mesh: Mesh,
  labels: ReadonlyMap<string, string>,
  hasAllLabels: boolean,
): Pick<EgressGateway, 'gateways' | 'possible'> {
  const all = mesh.gatewaysSelecting(labels).filter(({ spec }) => spec.servers.length > 0);
  const asks = (one: Gateway) => [...one.spec.selector].filter(([key, value]) => labels.get(key) !== value);
  return {
    gateways: all.filter((one) => asks(one).length === 0),
    possible: hasAllLabels
      ? []
      : all.filter((one) => asks(one).length > 0 && asks(one).every(([key]) => !labels.has(key))),
  };
}

/**
 * Gateways of Istio's own count there too, of the same namespace only. istio@86c9f01 pilot/pkg/model/push_context.go filterStrictGatewayMerging; §F.3.
 */
function ofManaged(
  mesh: Mesh,
  host: string,
  service: Resource<'Service'> | undefined,
  managed: Resource<'Gateway'>,
): EgressGateway {
  const { name, namespace } = managed;
  const labels = podLabelsOf(managed);
  const gateways = mesh
    .gatewaysSelecting(labels)
    .filter((one) => one.namespace === namespace && one.spec.servers.length > 0 && selects(one.spec.selector, labels));
  return { host, name, namespace, service, labels, hasAllLabels: true, gateways, possible: [], naming: [], managed };
}

/** Istio's charts name the Service after the release, and its pods have the label `istio` without that beginning. §F.2. */
function chartLabels(name: string): ReadonlyMap<string, string> {
  return new Map([
    ['app', name],
    ['istio', name.replace(/^istio-/, '')],
  ]);
}

function isNamedGateway(name: string, labels: ReadonlyMap<string, string>): boolean {
  return name.includes('egressgateway') || labels.get('istio')?.includes('egressgateway') === true;
}

/** Whether files show that the pods are a gateway's, whatever their labels and names are. */
function isInstalled(workload: Workload | undefined, selector: ReadonlyMap<string, string> | undefined): boolean {
  return (workload !== undefined && asksForGateway(workload.spec.annotations)) || isOfChart(selector);
}

/**
 * What the Helm chart makes for a release such as `istio-egress`. The name of a Service that no file has proves less: an
 * IstioOperator labels its pods otherwise. istio@86c9f01 manifests/charts/gateway/templates/_helpers.tpl gateway.selectorLabels; §F.2.
 */
function isOfChart(selector: ReadonlyMap<string, string> | undefined): boolean {
  const label = selector?.get('istio');
  return label !== undefined && /^egress(?![a-z])/.test(label) && selector?.has('app') === true;
}

export interface ClassicServer {
  readonly gateway: Gateway;
  readonly server: Server;
  /** Its place among the servers of its Gateway. */
  readonly index: number;
  readonly listener?: undefined;
}

export type ServerOnPort = ClassicServer | ListenerServer;

export interface ServersOnPort {
  /** Where the pods listen. */
  readonly port: number;
  readonly servers: readonly ServerOnPort[];
}

/** The servers that get what is sent to that port of the Service. istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways, resolvePorts. */
export function serversOnPort(gateway: EgressGateway, port: number): ServersOnPort {
  return keptIn(portsOf(gateway), port, () => serversFor(gateway, port));
}

const portsOf = keptFor((_: EgressGateway) => new Map<number, ServersOnPort>());

function serversFor({ service, gateways, naming, managed }: EgressGateway, port: number): ServersOnPort {
  const target = (number: number) => (managed && !service ? number : targetOf(service, number));
  const listening = target(port);
  const classic = gateways.flatMap((gateway) =>
    gateway.spec.servers.map((server, index): ServerOnPort => ({ gateway, server, index })),
  );
  const named = naming.flatMap(serversOfListeners).filter(({ server }) => isPortOf(service, server.port));
  const all = [...classic, ...(managed ? serversOfListeners(managed) : []), ...named];
  // Istio's charts give the Service no port by the number on which its pods listen.
  const isOfPods = !service && !managed && [...chartTargets.values()].includes(port);
  const servers = all.filter(
    ({ server }) =>
      server.port !== undefined && target(server.port) === listening && (!isOfPods || server.port === port),
  );
  return { port: listening, servers };
}

/** Listeners on other ports than those of the Service do nothing. istio@86c9f01 pilot/pkg/model/gateway.go resolvePorts. */
function isPortOf(service: Resource<'Service'> | undefined, port: number | undefined): boolean {
  return !service || service.spec.ports.some(({ number }) => number.value === port);
}

/** Where no file has the Service: Istio's charts lead 80 to 8080 and 443 to 8443. A name of a port is that of the container's, which stays unknown. */
const chartTargets: ReadonlyMap<number, number> = new Map([
  [80, 8080],
  [443, 8443],
]);

function targetOf(service: Resource<'Service'> | undefined, port: number): number {
  if (!service) return chartTargets.get(port) ?? port;
  const listed = service.spec.ports.find(({ number }) => number.value === port);
  return typeof listed?.targetPort === 'number' ? listed.targetPort : port;
}
