// Meshes of one shape each, in which something is shared by many or belongs to many. In every one the work for an answer must grow
// with the number of resources, not with its square.
import {
  entry,
  entryAt,
  entryRoute,
  httpRoute,
  namespace,
  policy,
  rule,
  selectorPolicy,
  sidecar,
  tlsEntry,
  tlsRoute,
  waypoint,
  workload,
} from './manifests.ts';
import { classicShapes } from './classic-shapes.ts';
import { sharedShapes } from './shared-shapes.ts';
import { file, modeOf, times, type Shape, type ShapeFile } from './shape.ts';

const gateway = file('gateway', namespace('egress', 'team: egress'), waypoint());

/** Each team in a namespace of its own declares the same host. */
const sharedHost: Shape = {
  name: 'one host in N namespaces',
  files: (resources) => [
    gateway,
    ...times(resources / 2, (i) =>
      file(`team-${i}`, namespace(`team-${i}`), entry(`team-${i}`, 'api', ['api.example.com'])),
    ),
  ],
  edit: (_, edit) =>
    file('team-0', namespace('team-0'), entry('team-0', 'api', ['api.example.com'], edit % 2 === 0 ? 8080 : 443)),
  request: { from: 'team-0/client', url: 'http://api.example.com/api/1' },
};

const team = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`),
    entry(`team-${i}`, 'api', ['api.example.com']),
    rule(`team-${i}`, 'api', 'api.example.com', mode),
    policy(`team-${i}`, 'api', 'api'),
  );

const sharedHostWithRules: Shape = {
  name: 'one host in N namespaces, with rules and policies',
  files: (resources) => [gateway, ...times(resources / 4, (i) => team(i))],
  edit: (_, edit) => team(0, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://api.example.com/api/1' },
};

const ownWaypoint = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, 'istio.io/use-waypoint: wp'),
    waypoint(`team-${i}`),
    entry(`team-${i}`, 'api', ['api.example.com']),
    rule(`team-${i}`, 'api', 'api.example.com', mode),
    policy(`team-${i}`, 'api', 'api'),
  );

const sharedHostOwnWaypoints: Shape = {
  name: 'one host in N namespaces, each with a waypoint',
  files: (resources) => times(resources / 5, (i) => ownWaypoint(i)),
  edit: (_, edit) => ownWaypoint(0, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://api.example.com/api/1' },
};

const withoutWaypoint = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`, 'istio-injection: enabled'),
    entry(`team-${i}`, 'api', ['api.example.com']),
    rule(`team-${i}`, 'api', 'api.example.com', mode),
  );

const sharedHostSidecars: Shape = {
  name: 'one host in N namespaces with sidecars',
  files: (resources) => times(resources / 3, (i) => withoutWaypoint(i)),
  edit: (_, edit) => withoutWaypoint(0, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://api.example.com/api/1' },
};

const twin = (i: number, mode = 'SIMPLE') =>
  file(
    `twin-${i}`,
    entry('team', `api-${i}`, ['api.example.com']),
    rule('team', `api-${i}`, 'api.example.com', mode),
    policy('team', `api-${i}`, `api-${i}`),
  );

const sharedHostOneNamespace: Shape = {
  name: 'one host in one namespace N times',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 3, (i) => twin(i))],
  edit: (_, edit) => twin(0, modeOf(edit)),
  request: { from: 'team/client', url: 'http://api.example.com/api/1' },
};

/** Wildcards over wildcards, as deep as hosts may be called sensible: what is below one of them grows with the depth. */
const deepest = 20;
const nestedHost = (i: number) => {
  const depth = i % deepest;
  const base = `t${Math.floor(i / deepest)}.example.com`;
  return `*.${'a.'.repeat(depth)}${base}`;
};
const nested = (i: number, mode = 'SIMPLE') =>
  file(
    `nested-${i}`,
    entry(`team-${i % 10}`, `api-${i}`, [nestedHost(i)]),
    rule(`team-${i % 10}`, `api-${i}`, nestedHost(i), mode),
  );

const nestedWildcards: Shape = {
  name: 'nested wildcards',
  files: (resources) => [
    gateway,
    ...times(10, (i) => file(`home-${i}`, namespace(`team-${i}`))),
    ...times(resources / 2, (i) => nested(i)),
  ],
  edit: (_, edit) => nested(0, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://x.t0.example.com/' },
};

/** One wildcard, and many hosts below it. */
const belowWildcard = (i: number, mode = 'SIMPLE') =>
  file(
    `below-${i}`,
    entry('team', `api-${i}`, [`api-${i}.example.com`]),
    rule('team', `api-${i}`, `api-${i}.example.com`, mode),
  );

const hostsBelowWildcard: Shape = {
  name: 'N hosts below one wildcard',
  files: (resources) => [
    gateway,
    file('home', namespace('team'), entry('team', 'all', ['*.example.com']), rule('team', 'all', '*.example.com')),
    ...times(resources / 2, (i) => belowWildcard(i)),
  ],
  edit: (_, edit) =>
    file(
      'home',
      namespace('team'),
      entry('team', 'all', ['*.example.com']),
      rule('team', 'all', '*.example.com', modeOf(edit)),
    ),
  request: { from: 'team/client', url: 'http://api-0.example.com/' },
};

const copy = (i: number, mode = 'SIMPLE') =>
  file(`copy-${i}`, entry('team', 'api', ['api.example.com']), rule('team', 'api', 'api.example.com', mode));

const copies: Shape = {
  name: 'N copies of one object',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 2, (i) => copy(i))],
  edit: (_, edit) => copy(0, modeOf(edit)),
  request: { from: 'team/client', url: 'http://api.example.com/' },
};

const longEntry = (hosts: number, targetPort = 443) =>
  file(
    'api',
    entry(
      'team',
      'api',
      times(hosts, (i) => `api-${i}.example.com`),
      targetPort,
    ),
    policy('team', 'api', 'api'),
  );

const manyHosts: Shape = {
  name: 'one entry with N hosts',
  files: (resources) => [
    gateway,
    file('home', namespace('team')),
    longEntry(resources / 2),
    ...times(resources / 2, (i) => file(`rule-${i}`, rule('team', `api-${i}`, `api-${i}.example.com`))),
  ],
  edit: (_, edit) => file('rule-0', rule('team', 'api-0', 'api-0.example.com', modeOf(edit))),
  request: { from: 'team/client', url: 'http://api-0.example.com/api/1' },
};

const policyOf = (i: number, path = `/api/${i}/*`) =>
  file(`policy-${i}`, policy('team', `api-${i}`, 'api', path, `client-${i}`));

const policiesOfHost: Shape = {
  name: 'N policies on one host',
  files: (resources) => [
    gateway,
    file('home', namespace('team'), entry('team', 'api', ['api.example.com']), rule('team', 'api', 'api.example.com')),
    ...times(resources, (i) => policyOf(i)),
  ],
  edit: (_, edit) => policyOf(0, `/edited/${edit % 2}`),
  request: { from: 'team/client-0', url: 'http://api.example.com/api/1/x' },
};

const host = (i: number, mode = 'SIMPLE') =>
  file(
    `host-${i}`,
    entry('team', `api-${i}`, [`api-${i}.example.com`]),
    rule('team', `api-${i}`, `api-${i}.example.com`, mode),
    policy('team', `api-${i}`, `api-${i}`),
  );

const workloadsAndEntries: Shape = {
  name: 'N workloads and M entries',
  files: (resources) => [
    gateway,
    file('home', namespace('team'), namespace('clients', 'istio.io/dataplane-mode: ambient')),
    ...times(resources / 2, (i) => file(`workload-${i}`, workload('clients', `client-${i}`))),
    ...times(resources / 6, (i) => host(i)),
  ],
  edit: (_, edit) => host(0, modeOf(edit)),
  request: { from: 'clients/client-0', url: 'http://api-0.example.com/api/1' },
};

const sidecarWorkloads: Shape = {
  name: 'N workloads with sidecars and M entries',
  files: (resources) => [
    gateway,
    file('home', namespace('team'), namespace('clients', 'istio-injection: enabled')),
    ...times(resources / 2, (i) => file(`workload-${i}`, workload('clients', `client-${i}`))),
    ...times(resources / 6, (i) => host(i)),
  ],
  edit: (_, edit) => host(0, modeOf(edit)),
  request: { from: 'clients/client-0', url: 'http://api-0.example.com/api/1' },
};

const oneNamespace: Shape = {
  name: 'one namespace',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 3, (i) => host(i))],
  edit: (_, edit) => host(0, modeOf(edit)),
  request: { from: 'team/client', url: 'http://api-0.example.com/api/1' },
};

/** Each host in a namespace of its own; the shape to compare with, and the one of the larger clusters that were seen. */
const apart = (i: number, mode = 'SIMPLE') =>
  file(
    `team-${i}`,
    namespace(`team-${i}`),
    entry(`team-${i}`, 'api', [`api-${i}.example.com`]),
    rule(`team-${i}`, 'api', `api-${i}.example.com`, mode),
    policy(`team-${i}`, 'api', 'api'),
  );

const oneWaypoint: Shape = {
  name: 'N namespaces behind one waypoint',
  files: (resources) => [gateway, ...times(resources / 4, (i) => apart(i))],
  edit: (_, edit) =>
    file(
      'team-0',
      namespace(
        'team-0',
        edit % 2 === 0 ? 'team: x' : 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress',
      ),
      entry('team-0', 'api', ['api-0.example.com']),
      rule('team-0', 'api', 'api-0.example.com'),
      policy('team-0', 'api', 'api'),
    ),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/api/1' },
};

const oneFile: Shape = {
  name: 'one file',
  files: (resources) => [gateway, fileOfAll(resources / 4)],
  edit: (resources, edit) => fileOfAll(resources / 4, modeOf(edit)),
  request: { from: 'team-0/client', url: 'http://api-0.example.com/api/1' },
};

function fileOfAll(teams: number, first = 'SIMPLE'): ShapeFile {
  return file('all', ...times(teams, (i) => apart(i, i === 0 ? first : undefined).text));
}

const selected = (i: number, label = `app-${i}`) =>
  file(
    `selected-${i}`,
    workload('clients', `app-${i}`),
    selectorPolicy('clients', `app-${i}`, label),
    sidecar('clients', `app-${i}`, label),
    rule('clients', `app-${i}`, 'api.example.com', 'SIMPLE', `workloadSelector: { matchLabels: { app: ${label} } }, `),
  );

const selectors: Shape = {
  name: 'N selectors',
  files: (resources) => [
    file('home', namespace('clients', 'istio-injection: enabled'), entry('clients', 'api', ['api.example.com'])),
    ...times(resources / 4, (i) => selected(i)),
  ],
  edit: (_, edit) => selected(0, edit % 2 === 0 ? 'other' : 'app-0'),
  request: { from: 'clients/app-0', url: 'http://api.example.com/' },
};

const routed = (i: number, port = 443) => file(`route-${i}`, tlsRoute('team', `api-${i}`, 'api.example.com', port));

const routesOfHost: Shape = {
  name: 'N TLS routes for one host',
  files: (resources) => [
    file('home', tlsEntry('team', 'api', 'api.example.com')),
    ...times(resources, (i) => routed(i)),
  ],
  edit: (_, edit) => routed(0, edit % 2 === 0 ? 8443 : 443),
  request: { from: 'team/client', url: 'https://api.example.com/' },
};

const oneEntry = file('home', namespace('team'), entry('team', 'api', ['api.example.com']));

const virtualService = (i: number, port?: number) =>
  file(`route-${i}`, httpRoute('team', `api-${i}`, 'api.example.com', port));

const virtualServicesOfHost: Shape = {
  name: 'N VirtualServices for one host',
  files: (resources) => [gateway, oneEntry, ...times(resources, (i) => virtualService(i))],
  edit: (_, edit) => virtualService(0, edit % 2 === 0 ? 8080 : 80),
  request: { from: 'team/client', url: 'http://api.example.com/api-0/' },
};

const routeOfEntry = (i: number, port?: number) =>
  file(`route-${i}`, entryRoute('team', `api-${i}`, 'api.example.com', 'api', port));

const httpRoutesOfHost: Shape = {
  name: 'N HTTPRoutes for one host',
  files: (resources) => [gateway, oneEntry, ...times(resources, (i) => routeOfEntry(i))],
  edit: (_, edit) => routeOfEntry(0, edit % 2 === 0 ? 8080 : 80),
  request: { from: 'team/client', url: 'http://api.example.com/api-0/' },
};

const routedEntry = (i: number, port?: number) =>
  file(
    `host-${i}`,
    entry('team', `api-${i}`, [`api-${i}.example.com`]),
    httpRoute('team', `api-${i}`, `api-${i}.example.com`, port),
  );

const routedEntries: Shape = {
  name: 'N hosts, each with a VirtualService',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 2, (i) => routedEntry(i))],
  edit: (_, edit) => routedEntry(0, edit % 2 === 0 ? 8080 : 80),
  request: { from: 'team/client', url: 'http://api-0.example.com/api-0/' },
};

const routedTwin = (i: number, port?: number) =>
  file(
    `twin-${i}`,
    entry('team', `api-${i}`, ['api.example.com']),
    httpRoute('team', `api-${i}`, 'api.example.com', port),
  );

const routedTwins: Shape = {
  name: 'N entries of one host, each with a VirtualService',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 2, (i) => routedTwin(i))],
  edit: (_, edit) => routedTwin(0, edit % 2 === 0 ? 8080 : 80),
  request: { from: 'team/client', url: 'http://api.example.com/api-0/' },
};

const ruledTwin = (i: number, mode?: string) => {
  const { text } = routedTwin(i);
  return file(`twin-${i}`, text, rule('team', `api-${i}`, 'api.example.com', mode));
};

/** As `fix --unsafe` leaves the one before. */
const ruledTwins: Shape = {
  name: 'N entries of one host, each with a VirtualService and a rule',
  files: (resources) => [gateway, file('home', namespace('team')), ...times(resources / 3, (i) => ruledTwin(i))],
  edit: (_, edit) => ruledTwin(0, modeOf(edit)),
  request: { from: 'team/client', url: 'http://api.example.com/api-0/' },
};

/** What no file says of the namespace is unknown. */
const unknownNamespace: Shape = {
  name: 'one host in one namespace N times, of which nothing is known',
  files: (resources) => [gateway, ...times(resources / 3, (i) => twin(i))],
  edit: (_, edit) => twin(0, modeOf(edit)),
  request: { from: 'team/client', url: 'http://api.example.com/api/1' },
};

const unknownNamespaces: Shape = {
  name: 'one host in N namespaces, of which nothing is known',
  files: (resources) => [
    gateway,
    ...times(resources / 2, (i) =>
      file(`team-${i}`, entry(`team-${i}`, 'api', ['api.example.com']), rule(`team-${i}`, 'api', 'api.example.com')),
    ),
  ],
  edit: (_, edit) =>
    file('team-0', entry('team-0', 'api', ['api.example.com']), rule('team-0', 'api', 'api.example.com', modeOf(edit))),
  request: { from: 'team-0/client', url: 'http://api.example.com/api/1' },
};

const captured = file('home', namespace('team', 'istio.io/dataplane-mode: ambient'));
const atAddress = (address: string, i: number, port?: number) =>
  file(`entry-${i}`, entryAt(address, 'team', `api-${i}`, [`api-${i}.example.com`], port));

const oneAddress: Shape = {
  name: 'N hosts at one address',
  files: (resources) => [gateway, captured, ...times(resources, (i) => atAddress('198.51.100.7', i))],
  edit: (_, edit) => atAddress('198.51.100.7', 0, edit % 2 === 0 ? 8080 : 443),
  request: { from: 'team/client', url: 'http://api-0.example.com/api/1' },
};

const ownAddress = (i: number) => `10.0.${Math.floor(i / 250)}.${1 + (i % 250)}`;

const ownAddresses: Shape = {
  name: 'N hosts, each at an address of its own',
  files: (resources) => [gateway, captured, ...times(resources, (i) => atAddress(ownAddress(i), i))],
  edit: (_, edit) => atAddress(ownAddress(edit % 2), 0),
  request: { from: 'team/client', url: 'http://api-0.example.com/api/1' },
};

export const shapes: readonly Shape[] = [
  sharedHost,
  sharedHostWithRules,
  sharedHostOwnWaypoints,
  sharedHostSidecars,
  sharedHostOneNamespace,
  nestedWildcards,
  hostsBelowWildcard,
  copies,
  manyHosts,
  policiesOfHost,
  workloadsAndEntries,
  sidecarWorkloads,
  oneNamespace,
  oneWaypoint,
  oneFile,
  selectors,
  routesOfHost,
  virtualServicesOfHost,
  httpRoutesOfHost,
  routedEntries,
  routedTwins,
  ruledTwins,
  unknownNamespace,
  unknownNamespaces,
  oneAddress,
  ownAddresses,
  ...classicShapes,
  ...sharedShapes,
];
