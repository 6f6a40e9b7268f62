// The requests by which a refactoring is judged: what the manifests declare, from every client that they show or name.
import { assumedNamespace, declaredRequests } from '../../eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { clientsOf } from './known-requests.ts';

/** Of both meshes, each once; those to the entries that `isNear` says come first. */
export function* knownTraffic(
  meshes: readonly Mesh[],
  isNear: (entry: Resource<'ServiceEntry'>) => boolean,
): Generator<TraceRequest> {
  const clients = [
    ...new Map(
      meshes.flatMap(clientsIn).map((client) => [`${client.namespace}/${client.serviceAccount}`, client]),
    ).values(),
  ];
  const all = meshes.flatMap((mesh) => mesh.all('ServiceEntry').map((entry) => ({ mesh, entry })));
  const ordered = [...all.filter(({ entry }) => isNear(entry)), ...all.filter(({ entry }) => !isNear(entry))];
  const seen = new Set<string>();
  for (const { mesh, entry } of ordered)
    for (const request of declaredRequests(mesh, entry, [assumedNamespace]))
      for (const from of clients) {
        const one = { ...request, from };
        const key = JSON.stringify({ ...one, headers: [...one.headers], from: [from.namespace, from.serviceAccount] });
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
