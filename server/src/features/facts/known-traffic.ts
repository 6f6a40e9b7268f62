// The requests by which a refactoring is judged: what the manifests declare, from every client that they show or name.
import { assumedNamespace, declaredRequests } from '../../eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { clientsOf } from './known-requests.ts';

/**
 * Of both meshes, each once; those to the entries that `isNear` says come first. Where these alone are more than `most`, the clients
 * take turns: each of the requests is among the first, if not from every client.
 */
export function* knownTraffic(
  meshes: readonly Mesh[],
  isNear: (entry: Resource<'ServiceEntry'>) => boolean,
  most = Infinity,
): Generator<TraceRequest> {
  const clients = [
    ...new Map(
      meshes.flatMap(clientsIn).map((client) => [`${client.namespace}/${client.serviceAccount}`, client]),
    ).values(),
  ];
  const all = meshes.flatMap((mesh) => mesh.all('ServiceEntry').map((entry) => ({ mesh, entry })));
  const isFirst = all.map(({ entry }) => isNear(entry));
  const near = all.filter((_, i) => isFirst[i]).flatMap(({ mesh, entry }) => requestsTo(mesh, entry));
  const seen = new Set<string>();
  const turns = near.length * clients.length > most ? byClient(near, clients) : byRequest(near, clients);
  yield* unseen(turns, seen);
  for (const [i, { mesh, entry }] of all.entries())
    if (!isFirst[i]) yield* unseen(byRequest(requestsTo(mesh, entry), clients), seen);
}

function requestsTo(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly TraceRequest[] {
  return declaredRequests(mesh, entry, [assumedNamespace]);
}

function* byRequest(requests: readonly TraceRequest[], clients: readonly Client[]): Generator<TraceRequest> {
  for (const request of requests) for (const from of clients) yield { ...request, from };
}

function* byClient(requests: readonly TraceRequest[], clients: readonly Client[]): Generator<TraceRequest> {
  for (const from of clients) for (const request of requests) yield { ...request, from };
}

function* unseen(requests: Iterable<TraceRequest>, seen: Set<string>): Generator<TraceRequest> {
  for (const one of requests) {
    const { headers, from } = one;
    const key = JSON.stringify({ ...one, headers: [...headers], from: [from.namespace, from.serviceAccount] });
    if (seen.has(key)) continue;
    seen.add(key);
    yield one;
  }
}

type Client = TraceRequest['from'];

function clientsIn(mesh: Mesh): readonly Client[] {
  const shown = clientsOf(mesh).map((text) => client(...splitOnce(text)));
  const named = mesh.all('AuthorizationPolicy').flatMap(accountsNamed);
  const homes = mesh.all('Namespace').map(({ name }) => client(name, 'default'));
  return [client(assumedNamespace, 'default'), ...shown, ...named, ...homes];
}

/** The accounts and namespaces that a policy names as sources; patterns name none. */
function accountsNamed({ namespace: own, spec }: Resource<'AuthorizationPolicy'>): readonly Client[] {
  const fields = (spec.rules ?? []).flatMap(({ from }) => from.flatMap((source) => source.fields));
  return fields.flatMap(({ name, values }) =>
    values.flatMap(({ value }) =>
      value.includes('*') ? [] : (accountIn(name.replace(/^not/, '').toLowerCase(), value, own) ?? []),
    ),
  );
}

function accountIn(field: string, value: string, own: string): Client | undefined {
  if (field === 'namespaces') return client(value, 'default');
  if (field === 'serviceaccounts') return value.includes('/') ? client(...splitOnce(value)) : client(own, value);
  const [, namespace, account] = /\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? [];
  return field === 'principals' && namespace && account ? client(namespace, account) : undefined;
}

function client(namespace: string, serviceAccount: string): Client {
  return { namespace, serviceAccount, labels: new Map() };
}

function splitOnce(text: string): [string, string] {
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
}
