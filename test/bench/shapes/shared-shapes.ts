// Meshes in which all teams share a wildcard, a waypoint with its policies, a port, a route or a namespace of endpoints.
import {
  classPolicy,
  entry,
  namespace,
  plugin,
  policyAtWaypoint,
  routesOfHosts,
  rule,
  selectedEndpoint,
  selectingEntry,
  sidecarFilter,
  tcpEntry,
  telemetry,
  waypoint,
  workload,
} from './manifests.ts';
import { file, modeOf, times, type Shape } from './shape.ts';

const injected = 'istio-injection: enabled';
const gateway = file('gateway', namespace('egress', 'team: egress'), waypoint());
const hostOf = (i: number) => `api-${i}.example.com`;

const wildcardWithRule = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`),
    entry(`team-${i}`, 'own', [`*.team-${i}.example.com`]),
    entry(`team-${i}`, 'all', ['*.example.com']),
    rule(`team-${i}`, 'all', '*.example.com', mode),
  );

const wildcardsWithRules: Shape = {
  name: 'wildcards over one another in N namespaces, each with a rule',
  files: (resources) => [gateway, ...times(resources / 4, (i) => wildcardWithRule(i))],
  edit: (_, edit) => wildcardWithRule(0, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://a.team-0.example.com/' },
};

const withPolicy = (i: number, port = 443) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`),
    entry(`team-${i}`, 'api', [hostOf(i)], port),
    policyAtWaypoint(`team-${i}`, hostOf(i)),
  );

const policiesAtWaypoint: Shape = {
  name: 'N policies at one waypoint, each for a host',
  files: (resources) => [gateway, ...times(resources / 3, (i) => withPolicy(i))],
  edit: (_, edit) => withPolicy(0, edit % 2 === 0 ? 8080 : 443),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

const database = (i: number, port = 5432) =>
  file(`team-${i}`, namespace(`team-${i}`, injected), tcpEntry(`team-${i}`, 'db', `db-${i}.example.com`, port));

const databasesOnOnePort: Shape = {
  name: 'N TCP hosts on one port with sidecars',
  files: (resources) => times(resources / 2, (i) => database(i)),
  edit: (_, edit) => database(0, edit % 2 === 0 ? 5433 : 5432),
  request: { from: 'team-0/client', url: 'tcp://db-0.example.com:5432' },
};

const routed = (i: number, port = 443) =>
  file(`team-${i}`, namespace(`team-${i}`), entry(`team-${i}`, 'api', [hostOf(i)], port));

const oneRoute: Shape = {
  name: 'one VirtualService for N hosts, with a rule for each',
  files: (resources) => [
    gateway,
    file('routes', routesOfHosts('egress', 'all', times(resources / 2, hostOf))),
    ...times(resources / 2, (i) => routed(i)),
  ],
  edit: (_, edit) => routed(0, edit % 2 === 0 ? 8080 : 443),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

const selecting = (i: number, app = `app-${i}`) =>
  file(
    `app-${i}`,
    selectingEntry('apps', `api-${i}`, hostOf(i), app),
    selectedEndpoint('apps', `vm-${i}`, `app-${i}`, i),
  );

const selectedEndpoints: Shape = {
  name: 'N ServiceEntries that select one of N endpoints each',
  files: (resources) => [file('apps', namespace('apps', injected)), ...times(resources / 2, (i) => selecting(i))],
  edit: (_, edit) => selecting(0, edit % 2 === 0 ? 'other' : 'app-0'),
  request: { from: 'apps/client', url: 'http://api-0.example.com/' },
};

const filtered = (i: number, app = `app-${i}`) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, injected),
    entry(`team-${i}`, 'api', [hostOf(i)]),
    workload(`team-${i}`, `app-${i}`),
    sidecarFilter(`team-${i}`, app),
  );

const filtersOfSidecars: Shape = {
  name: 'N EnvoyFilters in the root namespace, each for sidecars of one namespace',
  files: (resources) => times(resources / 4, (i) => filtered(i)),
  edit: (_, edit) => filtered(0, edit % 2 === 0 ? 'other' : 'app-0'),
  request: { from: 'team-0/app-0', url: 'http://api-0.example.com/' },
};

const withPlugin = (i: number, app = `app-${i}`) =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, 'istio.io/use-waypoint: wp'),
    waypoint(`team-${i}`),
    entry(`team-${i}`, 'api', [hostOf(i)]),
    plugin(`team-${i}`, app),
  );

const pluginsBesideWaypoints: Shape = {
  name: 'N WasmPlugins in the root namespace beside N waypoints',
  files: (resources) => times(resources / 4, (i) => withPlugin(i)),
  edit: (_, edit) => withPlugin(0, edit % 2 === 0 ? 'other' : 'app-0'),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

const withAuthorizer = (i: number, provider = 'sso') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, 'istio.io/use-waypoint: wp'),
    waypoint(`team-${i}`),
    entry(`team-${i}`, 'api', [hostOf(i)]),
    classPolicy(`team-${i}`, hostOf(i), provider),
  );

const authorizersOfClass: Shape = {
  name: 'N CUSTOM policies for the class of N waypoints',
  files: (resources) => times(resources / 4, (i) => withAuthorizer(i)),
  edit: (_, edit) => withAuthorizer(0, edit % 2 === 0 ? 'other' : 'sso'),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

const logged = (i: number, provider = 'envoy') =>
  file(`team-${i}`, namespace(`team-${i}`), entry(`team-${i}`, 'api', [hostOf(i)]), telemetry(`team-${i}`, provider));

const telemetriesAtWaypoint: Shape = {
  name: 'N Telemetries at one waypoint',
  files: (resources) => [gateway, ...times(resources / 3, (i) => logged(i))],
  edit: (_, edit) => logged(0, edit % 2 === 0 ? 'other' : 'envoy'),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/' },
};

export const sharedShapes: readonly Shape[] = [
  wildcardsWithRules,
  policiesAtWaypoint,
  databasesOnOnePort,
  oneRoute,
  selectedEndpoints,
  filtersOfSidecars,
  pluginsBesideWaypoints,
  telemetriesAtWaypoint,
  authorizersOfClass,
];
