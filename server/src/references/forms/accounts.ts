// Service accounts in their three spellings, and the trust domain before one of them.
import type { Mesh } from '../../mesh/mesh.ts';
import { namespaceNamed } from '../entity.ts';
import type { FieldAt } from '../situation.ts';
import { distinct, from, nearFirst, piece, whole, type Candidate, type Form } from './form.ts';
import { objectNamed } from './objects.ts';

/** An account of the object's own namespace, as a pod names it. */
export const ownAccount: Form = {
  names: 'service account',
  spelling: '`account`',
  read: (text, { namespace }) => whole(text, objectNamed('ServiceAccount', namespace, text)),
  *candidates({ mesh, namespace }) {
    for (const account of mesh.inNamespace('ServiceAccount', namespace)) yield from(account, account.name);
  },
};

/** `namespace/account`, or an account of the policy's own namespace. istio@86c9f01 pilot/pkg/security/authz/model/generator.go srcServiceAccountGenerator. */
export const account: Form = {
  names: 'service account',
  spelling: '`namespace/account`, or `account` of the own namespace',
  read(text, { namespace }) {
    if (text.includes('*')) return [];
    const slash = text.indexOf('/');
    if (slash < 0) return whole(text, objectNamed('ServiceAccount', namespace, text));
    const home = text.slice(0, slash);
    const name = text.slice(slash + 1);
    return [
      ...piece(0, home, namespaceNamed(home)),
      ...piece(slash + 1, name, objectNamed('ServiceAccount', home, name)),
    ];
  },
  candidates: (at) => distinct(accountsOf(at, (namespace, name) => `${namespace}/${name}`)),
};

/** `trust-domain/ns/namespace/sa/account`. istio@86c9f01 pkg/spiffe/spiffe.go. */
export const principal: Form = {
  names: 'principal',
  spelling: '`cluster.local/ns/namespace/sa/account`',
  read(text) {
    const [, domain, namespace, name] = /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(text) ?? [];
    if (domain === undefined || namespace === undefined || name === undefined) return [];
    const atNamespace = domain.length + '/ns/'.length;
    const atName = atNamespace + namespace.length + '/sa/'.length;
    return [
      ...piece(0, domain, { type: 'trust-domain', name: domain }),
      ...piece(atNamespace, namespace, namespaceNamed(namespace)),
      ...piece(atName, name, objectNamed('ServiceAccount', namespace, name)),
    ];
  },
  candidates: (at) =>
    distinct(accountsOf(at, (namespace, name) => `${at.mesh.settings.trustDomain}/ns/${namespace}/sa/${name}`)),
};

/** Those that are declared, then those that workloads run as, then each namespace's `default`. */
function* accountsOf(
  { mesh, namespace }: FieldAt,
  write: (namespace: string, name: string) => string,
): Generator<Candidate> {
  for (const one of nearFirst(mesh.inNamespace('ServiceAccount', namespace), mesh.all('ServiceAccount')))
    yield from(one, write(one.namespace, one.name));
  for (const { namespace: home, account: name, ...running } of runningAccounts(mesh))
    yield { ...running, text: write(home, name) };
  for (const { name, uri } of mesh.all('Namespace'))
    yield { text: write(name, 'default'), detail: `the default account of namespace ${name}`, uri };
}

interface RunningAccount extends Omit<Candidate, 'text'> {
  readonly namespace: string;
  readonly account: string;
}

function* runningAccounts(mesh: Mesh): Generator<RunningAccount> {
  for (const kind of ['Workload', 'Pod'] as const)
    for (const { namespace, spec, written, name, uri } of mesh.all(kind)) {
      const account = spec.serviceAccount?.value ?? 'default';
      yield { namespace, account, detail: `runs ${written.kind} ${name}`, uri };
    }
}
