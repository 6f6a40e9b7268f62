// New Egress Route: from answers to files and to what they do. One pure function behind the editor's command and `istio-egress new route`.
import type { Draft } from '../../engine/draft.ts';
import { access } from '../../eval/access/access.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { parseRequest } from '../../eval/trace/parse-request.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { describe } from '../../model/resource.ts';
import { requestChoices } from '../request-choices.ts';
import { classicGatewayNamed } from './classic-gateways.ts';
import { calledPort, isWildcard, routeOf, type Route, type RouteAnswers } from './route-answers.ts';
import { nextRouteQuestion, type RouteQuestion } from './route-questions.ts';
import type { RouteWriter } from './route-files.ts';
import { writeRoute } from './write-route.ts';

export interface NewRoute {
  /** The next one; null where every answer is there and valid. */
  readonly question: RouteQuestion | null;
  /** Why these answers give no route, in one sentence. */
  readonly problem: string | null;
  readonly plan: RoutePlan | null;
}

export interface RoutePlan {
  readonly title: string;
  readonly files: readonly { readonly uri: string; readonly before: string; readonly after: string }[];
  /** Requests of the clients that were chosen. */
  readonly requests: readonly RouteRequest[];
  /** Who may call the hosts. */
  readonly access: readonly AccessRow[];
  /** What the user has to do or to know, in sentences. */
  readonly notes: readonly string[];
}

interface RouteRequest {
  readonly request: TraceRequest;
  readonly trace: Trace;
  /** Whether it is let out through the chosen gateway with the chosen TLS. */
  readonly isAsAsked: boolean;
}

export interface RouteContext extends Omit<RouteWriter, 'draft'> {
  readonly newDraft: () => Draft;
  /** Of files as they are. */
  readonly textOf: (uri: string) => string | undefined;
}

/** `plan.access` has places in the draft, which is given with it. */
export function newRoute(context: RouteContext, answers: RouteAnswers): NewRoute & { readonly draft?: Draft } {
  const mesh = context.workspace.writtenMesh;
  const question = nextRouteQuestion(mesh, answers);
  const route = question ? undefined : routeOf(answers);
  if (!route) return { question, problem: null, plan: null };
  const problem = problemOf(mesh, route);
  if (problem !== undefined) return { question, problem, plan: null };
  const draft = context.newDraft();
  const toDo = writeRoute({ ...context, draft }, route);
  const requests = requestsOf(draft.mesh, route);
  const files = draft.changes().map(({ uri }) => ({
    uri,
    before: context.textOf(uri) ?? '',
    after: draft.textOf(uri) ?? '',
  }));
  const plan: RoutePlan = {
    title: `Route to ${route.hosts.join(', ')}`,
    files,
    requests,
    access: access(draft.mesh, { hosts: route.hosts }).rows,
    notes: [...toDo, ...notesOf(mesh, route, requests)],
  };
  return { question, problem: null, plan, draft };
}

function problemOf(mesh: Mesh, route: Route): string | undefined {
  if (!since(mesh.settings, '1.25') && !classicGatewayNamed(mesh, route.gateway))
    return `New routes through a waypoint need Istio 1.25 or newer: in ${mesh.settings.istioVersion}, a host without addresses has none in the mesh.`;
  for (const host of route.hosts) {
    const entry = mesh.all('ServiceEntry').find((one) => hostsOfEntry(one).includes(host));
    if (entry) return `${describe(entry)} already declares ${host}. Change that one, or choose another host.`;
    const rule = mesh.all('DestinationRule').find(({ spec }) => spec.host?.value === host);
    if (rule) return `${describe(rule)} is already there for ${host}. Remove it, or write the ServiceEntry beside it.`;
  }
  return undefined;
}

const mostTraced = 10;

function requestsOf(mesh: Mesh, route: Route): readonly RouteRequest[] {
  const clients = clientsOf(mesh, route);
  const all = route.hosts.flatMap((host) => clients.map((from) => requestOf(route, host, from)));
  return all
    .flatMap((request) => ('problem' in request ? [] : [request]))
    .slice(0, mostTraced)
    .map((request) => {
      const found = trace(mesh, request);
      return { request, trace: found, isAsAsked: isAsAsked(found, route) };
    });
}

/** A known account for each namespace that may call; where all may, a known client. */
function clientsOf(mesh: Mesh, { callers }: Route): readonly string[] {
  const { clients } = requestChoices(mesh);
  if (callers.length === 0) return [clients[0] ?? 'default/default'];
  return callers.map(({ namespace, serviceAccount }) =>
    serviceAccount === undefined
      ? (clients.find((one) => one.startsWith(`${namespace}/`)) ?? `${namespace}/default`)
      : `${namespace}/${serviceAccount}`,
  );
}

function requestOf(route: Route, host: string, from: string) {
  const scheme = route.tls === 'pass-through' ? 'https' : 'http';
  const path = (route.paths[0] ?? '/').replace(/\*$/, '');
  const name = isWildcard(host) ? `www${host.slice(1)}` : host;
  return parseRequest({ url: `${scheme}://${name}:${calledPort(route)}${path}`, from, method: route.methods[0] });
}

function isAsAsked({ verdict, waypoint, gateway: classic, upstream }: Trace, { gateway, tls }: Route): boolean {
  const taken = waypoint ?? classic;
  if (verdict !== 'allowed' || taken?.namespace !== gateway.namespace || taken.name !== gateway.name) return false;
  const mode = upstream?.tls?.mode;
  if (tls === 'originate') return mode === 'SIMPLE';
  if (tls === 'mutual') return mode === 'MUTUAL';
  return upstream !== undefined && mode === undefined && (upstream.protocol === 'tls') === (tls === 'pass-through');
}

function notesOf(mesh: Mesh, route: Route, requests: readonly RouteRequest[]): readonly string[] {
  const { namespace, name } = route.gateway;
  const classic = classicGatewayNamed(mesh, route.gateway);
  const isNew = !classic && mesh.named('Gateway', namespace, name).length === 0;
  const secret =
    route.secret !== undefined && mesh.named('Secret', namespace, route.secret).length === 0
      ? [`Create Secret ${route.secret} in namespace ${namespace} with the keys tls.crt, tls.key and ca.crt.`]
      : [];
  return [
    ...requests
      .filter((one) => !one.isAsAsked)
      .map(({ request, trace: found }) => {
        const client = `${request.from.namespace}/${request.from.serviceAccount}`;
        return `Not as asked for ${client}: ${found.summary}`;
      }),
    ...(isNew ? [`Gateway ${namespace}/${name} is new: its namespace must exist when you apply it.`] : []),
    ...(classic && !classic.service && classic.gateways.length === 0
      ? [`No file shows egress gateway ${namespace}/${name}: it must be installed in the cluster.`]
      : []),
    ...secret,
  ];
}
