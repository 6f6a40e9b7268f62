// Traces of the requests that a ServiceEntry declares, for the rules that report causes that no other rule reports.
import { eachInSteps, filterInSteps, mapInSteps } from '../../base/steps.ts';
import { declaredRequests } from '../../eval/trace/declared-requests.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { authorityOf, clientBytes, clientSni } from '../../eval/trace/client-bytes.ts';
import { requestKey, type TraceRequest } from '../../eval/trace/request.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import type { Evidence, Step, Trace, TraceVerdict } from '../../eval/trace/step.ts';
import { traceInSteps } from '../../eval/trace/trace.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { labelsWithSidecar } from '../../mesh/clients/injection.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { allKinds } from '../../model/kind-of.ts';
import type { Related, RuleFinding } from '../rule.ts';
import { clientsOf, cutOffFrom, type EntryClient } from '../shared/clients-of-entry.ts';

/** A request that a client sends because the entry declares it, and what becomes of it. */
export interface Traced {
  readonly request: TraceRequest;
  readonly client: EntryClient;
  readonly trace: Trace;
}

export interface DeclaredTrace extends Traced {
  /** No file shows how the client's pods join the mesh: they are followed as if they had sidecars. */
  readonly isAssumed?: boolean;
  /** The step that decides; undefined where each step goes well, and yet the way is not the one that is meant. */
  readonly step: Step | undefined;
  readonly place: Evidence;
  /** Clients of another kind reach the host with the same request, so that only these ones have to know. */
  readonly worksForOthers: boolean;
}

/** A trace can rest on every kind. */
export const traceInputs: readonly Kind[] = allKinds;

type InSteps = Generator<undefined, readonly DeclaredTrace[]>;

/** Traces that end with the verdict, independent of policies. */
export function declaredTraces(mesh: Mesh, entry: Resource<'ServiceEntry'>, verdict: TraceVerdict): InSteps {
  return toDeclared(entry, tracesOf(mesh, entry), verdict);
}

/** The same for clients with sidecars in the namespace of the entry, where no file says how its pods join the mesh. */
export function* tracesFromAssumedSidecars(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  verdict: TraceVerdict,
): InSteps {
  const { namespace } = entry;
  const plane = namespaceDataPlane(mesh, namespace);
  const isOpen = plane.mode === 'unknown' && plane.because === 'not-described';
  if (!isOpen || clientsOf(mesh, entry).length > 0 || !isExportedTo(mesh, entry, namespace)) return [];
  const traces = mesh.derivedInSteps(`requests of assumed sidecars ${entry.id}`, function* (view) {
    const found: Traced[] = [];
    for (const declared of declaredRequests(view, entry, [namespace])) {
      const request = { ...declared, from: { ...declared.from, labels: labelsWithSidecar } };
      found.push({ request, client: { namespace, kind: 'own' }, trace: traceOf(view, request) });
      yield undefined;
    }
    return found;
  });
  return (yield* toDeclared(entry, traces, verdict)).map((one) => ({ ...one, isAssumed: true }));
}

/** The same for clients whose Sidecar resource does not import the entry, although the files mean it for them. */
export function tracesFromCutOff(mesh: Mesh, entry: Resource<'ServiceEntry'>, verdict: TraceVerdict): InSteps {
  const traces = mesh.derivedOfInSteps(`requests of clients without ${entry.id}`, entry, cutOffInSteps);
  return toDeclared(entry, traces, verdict);
}

function* cutOffInSteps(mesh: Mesh, entry: Resource<'ServiceEntry'>): Generator<undefined, readonly Traced[]> {
  const found: Traced[] = [];
  for (const namespace of cutOffFrom(mesh, entry))
    for (const request of declaredRequests(mesh, entry, [namespace])) {
      found.push({ request, client: { namespace, kind: 'other' }, trace: traceOf(mesh, request) });
      yield undefined;
    }
  return found;
}

function* toDeclared(entry: Resource<'ServiceEntry'>, all: readonly Traced[], verdict: TraceVerdict): InSteps {
  const meant = yield* filterInSteps(all, ({ trace }) => trace.verdict === verdict);
  const reached = new Set<string>();
  if (meant.some(({ client }) => client.kind === 'other'))
    yield* eachInSteps(all, (one) => void (reaches(one.trace) && reached.add(keyByAnyone(one))));
  return yield* mapInSteps(meant, (one) => {
    const { trace: found, client } = one;
    // Paths with the same result have the same cause: the first one represents them.
    const shown =
      found.candidates.length > 0 ? { ...found, steps: [...found.steps, ...found.candidates[0]!.steps] } : found;
    const step = shown.steps.findLast(({ outcome }) => outcome === 'no');
    const place = placeOf(shown, step) ?? lastPlace(shown.steps) ?? { resource: entry, span: entry.at.name };
    const worksForOthers = client.kind === 'other' && reached.has(keyByAnyone(one));
    return { ...one, trace: shown, step, place, worksForOthers };
  });
}

/** TLS that no rule begins is the client's own: that it arrives at a port for plaintext is for the route to mend, where one leads there. */
function placeOf({ cause, steps }: Trace, step: Step | undefined): Evidence | undefined {
  const [first] = step?.evidence ?? [];
  const route = steps.findLast(({ stage, outcome }) => stage === 'route' && outcome === 'yes');
  const isOfEntry = cause === 'tls-to-plaintext' && first?.resource.kind === 'ServiceEntry';
  return isOfEntry ? (route?.evidence[0] ?? first) : first;
}

/** How pods join the mesh decides nothing about the host by itself. */
function lastPlace(steps: readonly Step[]): Evidence | undefined {
  return steps.findLast(({ stage, evidence }) => stage !== 'capture' && evidence.length > 0)?.evidence[0];
}

function reaches({ verdict }: Trace): boolean {
  return verdict === 'allowed' || verdict === 'bypasses';
}

/** The same for a request of any client. */
function keyByAnyone({ request }: Traced): string {
  return requestKey({ ...request, from: anyone });
}

const anyone: TraceRequest['from'] = { namespace: '', serviceAccount: '', labels: new Map() };

/** Every declared request of the entry, followed once: entries of one host declare the same ones. */
export function tracesOf(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly Traced[] {
  return mesh.derivedOfInSteps(`declared requests ${entry.id}`, entry, tracesInSteps);
}

function* tracesInSteps(mesh: Mesh, entry: Resource<'ServiceEntry'>): Generator<undefined, readonly Traced[]> {
  const found: Traced[] = [];
  for (const client of clientsOf(mesh, entry))
    for (const request of declaredRequests(mesh, entry, [client.namespace])) {
      found.push({ request, client, trace: traceOf(mesh, request) });
      yield undefined;
    }
  return found;
}

function traceOf(mesh: Mesh, request: TraceRequest): Trace {
  return mesh.derivedInSteps(`trace ${requestKey(request)}`, (view) =>
    traceInSteps(view, request, { skip: [authorization] }),
  );
}

/** The first finding of each location: the same cause is not reported again for another host, port or client. */
export function firstOfEachPlace(found: readonly DeclaredTrace[]): readonly DeclaredTrace[] {
  const seen = new Set<string>();
  return found.filter(({ place: { resource, span } }) => {
    const key = `${resource.id} ${span.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function explanationOf({ step, trace }: DeclaredTrace): string {
  return step?.message ?? trace.summary;
}

/** At the node that decides, with the steps before it as related places. */
export function findingOf(
  entry: Resource<'ServiceEntry'>,
  { trace: { steps }, step, place }: DeclaredTrace,
  message: string,
): RuleFinding<null> {
  const related = steps.flatMap((one): Related[] => {
    const [at] = one === step ? one.evidence.slice(1) : one.evidence;
    return at ? [{ resource: at.resource, at: at.span, message: one.message }] : [];
  });
  const isElsewhere = place.resource.id !== entry.id;
  return {
    at: place.span,
    message,
    related,
    data: null,
    ...(isElsewhere ? { in: place.resource as AnyResource } : {}),
  };
}

/** Such as `GET http://api.example.com/`. */
export function requestText(request: TraceRequest): string {
  const { scheme, host, port, path, method } = request;
  const isUsual = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  const name = nameSent(request) ?? host;
  const where = `${scheme}://${name}${isUsual ? '' : `:${port}`}`;
  const text = clientBytes(request) === 'http' ? `${method} ${where}${path}` : where;
  return name === host ? text : `${text} at ${host}`;
}

/** What a client that dials an address asks for there. */
function nameSent(request: TraceRequest): string | undefined {
  if (!isIpAddress(request.host)) return undefined;
  return clientBytes(request) === 'http' ? authorityOf(request).replace(/:\d+$/, '') : clientSni(request);
}
