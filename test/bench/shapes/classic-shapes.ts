// Meshes with sidecars in which teams share a host or an egress gateway.
import {
  apiGateway,
  apiGatewayRoutes,
  entry,
  gatewayRoute,
  gatewayServer,
  gatewayTlsRoute,
  namespace,
  policy,
  rule,
  sharedGateway,
  sidecar,
  tlsEntry,
  waypoint,
} from './manifests.ts';
import { file, modeOf, times, type Shape } from './shape.ts';

const injected = 'istio-injection: enabled';
const host = 'api.example.com';
const request = { from: 'team-0/client', url: `http://${host}/` };
const privately = (manifest: string) => manifest.replace('spec: {', 'spec: { exportTo: ["."],');
const gateway = file('gateway', sharedGateway());
const gatewayService = 'istio-egressgateway.istio-system.svc.cluster.local';

const privateEntry = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    privately(entry(`team-${i}`, 'api', [host])),
    rule(`team-${i}`, 'api', host, mode),
  );

const privateEntries: Shape = {
  name: 'one host in N namespaces with sidecars, each for itself',
  files: (resources) => times(resources / 3, (i) => privateEntry(i)),
  edit: (_, edit) => privateEntry(0, modeOf(edit)),
  request,
};

const privateAtWaypoint = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, 'istio.io/use-waypoint: wp'),
    waypoint(`team-${i}`),
    privately(entry(`team-${i}`, 'api', [host])),
    rule(`team-${i}`, 'api', host, mode),
    policy(`team-${i}`, 'api', 'api'),
  );

const privateAtWaypoints: Shape = {
  name: 'one host in N namespaces with waypoints, each for itself',
  files: (resources) => times(resources / 5, (i) => privateAtWaypoint(i)),
  edit: (_, edit) => privateAtWaypoint(0, modeOf(edit)),
  request,
};

/** A host of its own, which its clients reach through the gateway of all. */
const throughGateway = (i: number, port = 443) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    entry(`team-${i}`, 'api', [`api-${i}.example.com`], port),
    gatewayServer(`team-${i}`, `api-${i}.example.com`),
    gatewayRoute(`team-${i}`, `api-${i}.example.com`),
  );

const hostsThroughGateway: Shape = {
  name: 'N hosts through one egress gateway',
  files: (resources) => [gateway, ...times(resources / 4, (i) => throughGateway(i))],
  edit: (_, edit) => throughGateway(0, edit % 2 === 0 ? 8080 : 443),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

/** Each with a rule of its own for the way to the gateway. */
const withMutualTls = (i: number, mode = 'ISTIO_MUTUAL') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    sidecar(`team-${i}`, 'own', 'client'),
    entry(`team-${i}`, 'api', [`api-${i}.example.com`]),
    gatewayServer(`team-${i}`, `api-${i}.example.com`, 'HTTPS', 'ISTIO_MUTUAL'),
    gatewayRoute(`team-${i}`, `api-${i}.example.com`),
    rule(`team-${i}`, 'gateway', gatewayService, mode),
  );

const mutualThroughGateway: Shape = {
  name: 'N hosts through one egress gateway, with mTLS to it',
  files: (resources) => [gateway, ...times(resources / 6, (i) => withMutualTls(i))],
  edit: (_, edit) => withMutualTls(0, edit % 2 === 0 ? 'DISABLE' : 'ISTIO_MUTUAL'),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

/** The route of each team names a subset that a rule of the team defines, as in Istio's documentation. */
const withSubset = (i: number, mode = 'DISABLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    entry(`team-${i}`, 'api', [`api-${i}.example.com`]),
    gatewayServer(`team-${i}`, `api-${i}.example.com`),
    gatewayRoute(`team-${i}`, `api-${i}.example.com`).replace(
      `host: ${gatewayService},`,
      `host: ${gatewayService}, subset: team-${i},`,
    ),
    rule(`team-${i}`, 'gateway', gatewayService, mode, `subsets: [{ name: team-${i} }], `),
  );

const subsetsOfGateway: Shape = {
  name: 'N hosts through one egress gateway, each by a subset of its own',
  files: (resources) => [gateway, ...times(resources / 5, (i) => withSubset(i))],
  edit: (_, edit) => withSubset(0, edit % 2 === 0 ? 'ISTIO_MUTUAL' : 'DISABLE'),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

/** Every team has the same host, and a route of its own to the gateway. */
const sameThroughGateway = (i: number, port = 443) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    entry(`team-${i}`, 'api', [host], port),
    gatewayServer(`team-${i}`, host),
    gatewayRoute(`team-${i}`, host),
  );

const hostThroughGateway: Shape = {
  name: 'one host in N namespaces through one egress gateway',
  files: (resources) => [gateway, ...times(resources / 4, (i) => sameThroughGateway(i))],
  edit: (_, edit) => sameThroughGateway(0, edit % 2 === 0 ? 8080 : 443),
  request,
};

/** The platform team keeps the routes of all in one namespace, and clients use TLS. */
const central = (i: number, mode = 'PASSTHROUGH') =>
  file(
    `host-${i}`,
    tlsEntry('central', `api-${i}`, `api-${i}.example.com`),
    gatewayServer('central', `api-${i}.example.com`, 'TLS', mode, `egress-${i}`),
    gatewayTlsRoute('central', `api-${i}.example.com`, `egress-${i}`),
  );

const centralGateways: Shape = {
  name: 'N hosts with TLS through one egress gateway, routed in one namespace',
  files: (resources) => [
    gateway,
    file('central', namespace('central', injected)),
    ...times(resources / 3, (i) => central(i)),
  ],
  edit: (_, edit) => central(0, edit % 2 === 0 ? 'ISTIO_MUTUAL' : 'PASSTHROUGH'),
  request: { from: 'central/client', url: 'https://api-0.example.com/' },
};

const throughApiGateway = (i: number, port = 443) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    entry(`team-${i}`, 'api', [`api-${i}.example.com`], port),
    apiGatewayRoutes(`team-${i}`, 'api', `api-${i}.example.com`),
  );

const hostsThroughApiGateway: Shape = {
  name: 'N hosts through one egress gateway of the Gateway API',
  files: (resources) => [
    file('gateway', namespace('egress', 'team: egress'), apiGateway()),
    ...times(resources / 4, (i) => throughApiGateway(i)),
  ],
  edit: (_, edit) => throughApiGateway(0, edit % 2 === 0 ? 8080 : 443),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

export const classicShapes: readonly Shape[] = [
  privateEntries,
  privateAtWaypoints,
  hostsThroughGateway,
  mutualThroughGateway,
  subsetsOfGateway,
  hostThroughGateway,
  centralGateways,
  hostsThroughApiGateway,
];
