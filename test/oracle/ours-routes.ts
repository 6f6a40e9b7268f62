// Where each call goes by our reading of the routes: every answer that may be.
import { chainsOf } from '../../server/src/mesh/routes/chain-of-port.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { endOf, type RouteEnd } from '../../server/src/mesh/routes/route-destination.ts';
import type { RouteEntry, RouteTarget } from '../../server/src/mesh/routes/route-entry.ts';
import type { RouteQuestion } from '../../server/src/mesh/routes/route-question.ts';
import type { RouteDecision } from '../../server/src/mesh/routes/choose-route.ts';
import { routeFor } from '../../server/src/mesh/routes/routes-at-waypoint.ts';
import { upstreamTls } from '../../server/src/mesh/destination-rules/upstream-tls.ts';
import { bindWaypoint } from '../../server/src/mesh/binding/waypoint-binding.ts';
import { rivalsAtWaypoint, servedPort } from '../../server/src/mesh/binding/waypoint-service.ts';
import { normalisePath } from '../../server/src/eval/http-path.ts';
import { clusterOf } from '../../server/src/eval/trace/expected-cluster.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import type { ServiceEntryPort } from '../../server/src/model/specs.ts';
import { describeRoute, type RouteWords } from './answer.ts';
import type { Sample } from './generate.ts';
import { isShared } from './shared-host.ts';
import type { OurAnswer } from './our-answer.ts';
import { sourceWords, undecidedWords } from './ours-tls.ts';
import type { Call } from './policies.ts';
import { routedAuthority } from './theirs-routes.ts';

type Entry = Resource<'ServiceEntry'>;
type Target = Extract<RouteWords, { does: 'forward' }>['to'][number];

export function routesOf(mesh: Mesh, entry: Entry, { calls }: Sample): OurAnswer['more'] {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return {};
  const hosts = entry.spec.hosts
    .map(({ value }) => value)
    .filter(
      (host) => rivalsAtWaypoint(mesh, entry, host, binding.gateway).length === 0 && !isShared(mesh, entry, host),
    );
  return Object.fromEntries(
    hosts.flatMap((host) =>
      entry.spec.ports
        .filter((port) => servedPort(mesh.settings, entry, port) !== 'no-chain')
        .flatMap((port) =>
          chainsOf(port).flatMap((chain) => {
            const question = { entry, host, port: port.number?.value ?? 0, chain, waypoint: binding.gateway };
            return (chain === 'http' ? calls : calls.slice(0, 1)).map(
              (call, i) =>
                [
                  `route ${entry.namespace}/${entry.name} ${host} ${question.port}/${chain} ${i}`,
                  answersTo(mesh, question, port, call),
                ] as const,
            );
          }),
        ),
    ),
  );
}

function answersTo(
  mesh: Mesh,
  question: RouteQuestion,
  port: ServiceEntryPort,
  call: Call,
): readonly string[] | undefined {
  const path = normalisePath(call.path, 'BASE');
  const decision = routeFor(mesh, question, {
    path: 'path' in path ? path.path : call.path,
    method: call.method,
    authority: routedAuthority(call, question.host, question.port),
    headers: new Map(Object.entries(call.headers)),
  });
  return wordsOf(mesh, question, port, decision);
}

function wordsOf(
  mesh: Mesh,
  question: RouteQuestion,
  port: ServiceEntryPort,
  decision: RouteDecision,
): readonly string[] | undefined {
  switch (decision.state) {
    case 'unknown':
    case 'too-many':
      return undefined;
    case 'unmatched':
      return [describeRoute({ does: 'none' })];
    case 'open': {
      const ways = decision.ways.map((way) => wordsOf(mesh, question, port, way));
      return ways.every((way) => way !== undefined) ? [...new Set(ways.flat())] : undefined;
    }
    case 'none':
      return straight(mesh, question, port);
    case 'taken':
      return taken(mesh, question, decision.entry);
  }
}

/** To the host itself. */
function straight(mesh: Mesh, question: RouteQuestion, port: ServiceEntryPort): readonly string[] | undefined {
  const { entry, host, chain } = question;
  const own =
    servedPort(mesh.settings, entry, port) === 'no-cluster'
      ? ['missing 503']
      : tlsTo(mesh, { entry, host, port, subset: undefined }, chain);
  return own?.map((by) =>
    describeRoute({
      does: 'forward',
      to: [{ cluster: clusterOf(chain, question.port, host), weight: undefined, host: undefined, by }],
      abort: undefined,
    }),
  );
}

function taken(mesh: Mesh, question: RouteQuestion, entry: RouteEntry): readonly string[] | undefined {
  const { action } = entry;
  if (action.does !== 'forward') return [describeRoute(action)];
  let all: readonly (readonly Target[])[] = [[]];
  for (const target of action.to) {
    const own = targetWords(mesh, question, entry, target)?.map((one) => ({ ...one, weight: target.weight }));
    if (!own) return undefined;
    all = all.flatMap((before) => own.map((one) => [...before, one]));
  }
  return all.map((to) =>
    describeRoute({ does: 'forward', to, abort: question.chain === 'http' ? action.abort : undefined }),
  );
}

/** How the target is reached: every answer that may be. */
function endWords(
  mesh: Mesh,
  { chain }: RouteQuestion,
  { action }: RouteEntry,
  to: Exclude<RouteEnd, { readonly state: 'unknown' }>,
): readonly string[] | undefined {
  if (to.state === 'elsewhere') return ['sent'];
  if (to.state === 'own') return tlsTo(mesh, to, chain);
  return [chain === 'http' ? `missing ${action.does === 'forward' ? action.notFound : 503}` : 'missing'];
}

function targetWords(
  mesh: Mesh,
  question: RouteQuestion,
  entry: RouteEntry,
  target: RouteTarget,
): readonly Target[] | undefined {
  const to = endOf(mesh, question, entry, target);
  if (to.state === 'unknown') return undefined;
  const http = question.chain === 'http';
  return endWords(mesh, question, entry, to)?.map((one) => ({
    cluster: to.cluster,
    weight: undefined,
    host: http ? target.hostRewrite : undefined,
    by: one,
  }));
}

interface Own {
  readonly entry: Entry;
  readonly host: string;
  readonly port: ServiceEntryPort;
  readonly subset: string | undefined;
}

function tlsTo(mesh: Mesh, { entry, host, port, subset }: Own, chain: 'http' | 'tcp'): readonly string[] | undefined {
  const upstream = upstreamTls(mesh, entry, port, host, subset);
  if (upstream.state === 'plain') return ['plain'];
  if (upstream.state === 'originated') return [sourceWords(upstream.source, chain, entry)];
  return undecidedWords(upstream.choice, port, chain, entry, subset);
}
