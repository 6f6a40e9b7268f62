// The questions of a new egress route: the same answers give the same next question, so nobody keeps anything between two.
import { isWaypointClass, servesServices, trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { requestChoices } from '../request-choices.ts';
import { classicGateways } from './classic-gateways.ts';
import { problemInMesh } from './problem-in-mesh.ts';
import {
  isAskedFor,
  routeAnswerNames,
  routeProblem,
  usualPort,
  type RouteAnswerName,
  type RouteAnswers,
} from './route-answers.ts';

export interface RouteQuestion {
  readonly name: RouteAnswerName;
  readonly title: string;
  /** The likeliest answer; empty where only the user knows it. */
  readonly value: string;
  readonly choices: readonly RouteChoice[];
  /** Whether several answers may be given, separated by commas. */
  readonly takesMany: boolean;
  /** What is wrong with the answer that was given. */
  readonly problem: string | null;
}

interface RouteChoice {
  readonly value: string;
  readonly detail: string;
}

const titles: Readonly<Record<RouteAnswerName, string>> = {
  host: 'External host',
  tls: 'TLS to the host',
  port: 'Port of the host',
  secret: 'Secret with the client certificate',
  callers: 'Clients that may call it',
  methods: 'HTTP methods',
  paths: 'Paths',
  gateway: 'Waypoint or egress gateway (NAMESPACE/NAME)',
  log: 'Access log of the gateway',
};

const many: readonly RouteAnswerName[] = ['host', 'callers', 'methods', 'paths'];

/** Null when every answer is there and valid. */
export function nextRouteQuestion(mesh: Mesh, answers: RouteAnswers): RouteQuestion | null {
  for (const name of routeAnswerNames) {
    if (!isAskedFor(name, answers)) continue;
    const answer = answers[name];
    const problem =
      answer === undefined
        ? undefined
        : (routeProblem(name, answer, answers) ?? problemInMesh(mesh, name, { ...answers, [name]: answer }));
    if (answer !== undefined && problem === undefined) continue;
    const choices = choicesOf[name](mesh, answers);
    return {
      name,
      title: titles[name],
      value: likeliest(name, choices),
      choices,
      takesMany: many.includes(name),
      problem: problem ?? null,
    };
  }
  return null;
}

/** Who may call, which host and how it is encrypted is the user's decision. */
function likeliest(name: RouteAnswerName, choices: readonly RouteChoice[]): string {
  return ['host', 'tls', 'secret', 'callers'].includes(name) ? '' : (choices[0]?.value ?? '');
}

const choicesOf: Readonly<Record<RouteAnswerName, (mesh: Mesh, answers: RouteAnswers) => readonly RouteChoice[]>> = {
  host: () => [],
  tls: () => [
    { value: 'originate', detail: 'clients call in plain HTTP, the gateway encrypts and verifies the certificate' },
    { value: 'pass-through', detail: 'clients encrypt; the gateway sees the host name only' },
    { value: 'mutual', detail: 'as originate, with a client certificate from a Secret' },
    { value: 'plain', detail: 'HTTP without encryption, also outside the cluster' },
  ],
  port: (_, { tls }) => [{ value: usualPort(tls), detail: 'the usual port' }],
  secret: (mesh, { gateway }) =>
    (gateway === undefined ? mesh.all('Secret') : mesh.inNamespace('Secret', gateway.split('/')[0] ?? '')).map(
      (secret) => ({ value: secret.name, detail: describe(secret) }),
    ),
  callers: (mesh) => callersIn(mesh),
  methods: () => [
    { value: '*', detail: 'any method' },
    ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((value) => ({ value, detail: '' })),
  ],
  paths: () => [{ value: '*', detail: 'any path' }],
  gateway: gatewaysFor,
  log: () => [
    { value: 'yes', detail: 'a line for each request through the gateway' },
    { value: 'no', detail: 'leave it as it is' },
  ],
};

function callersIn(mesh: Mesh): readonly RouteChoice[] {
  const { clients } = requestChoices(mesh);
  const namespaces = new Set(clients.map((client) => client.split('/')[0] ?? ''));
  return [
    ...clients.map((value) => ({ value, detail: 'service account' })),
    ...[...namespaces].map((value) => ({ value, detail: 'every account of the namespace' })),
    { value: '*', detail: 'all clients of the mesh' },
  ];
}

/** Waypoints first, unless only classic egress gateways are there. */
function gatewaysFor(mesh: Mesh, answers: RouteAnswers): readonly RouteChoice[] {
  const waypoints = waypointsFor(mesh);
  const classic = classicGateways(mesh)
    .map(({ namespace, name, service }) => ({
      value: `${namespace}/${name}`,
      detail: `classic egress gateway, for clients with a sidecar${service ? '' : '; not in these files'}`,
    }))
    .filter(({ value }) => problemInMesh(mesh, 'gateway', { ...answers, gateway: value }) === undefined);
  return waypoints.some(({ isNew }) => !isNew) ? [...waypoints, ...classic] : [...classic, ...waypoints];
}

/** Those that take what is sent to ServiceEntries; else a new one. */
function waypointsFor(mesh: Mesh): readonly (RouteChoice & { readonly isNew: boolean })[] {
  const present = mesh
    .all('Gateway')
    .filter(
      (gateway) =>
        isWaypointClass(gateway, mesh.settings) === true && servesServices(trafficType(mesh, gateway)) === true,
    )
    .map(({ namespace, name }) => ({
      value: `${namespace}/${name}`,
      detail: 'waypoint in these manifests',
      isNew: false,
    }));
  const fresh = 'common-infrastructure/egress-gateway';
  return present.some(({ value }) => value === fresh)
    ? present
    : [...present, { value: fresh, detail: 'a new waypoint; its Gateway is written too', isNew: true }];
}
