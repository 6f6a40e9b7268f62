// The words of the picture. A color never says anything that is not also a word.
import type { Change, EgressGraph, GraphClient, GraphGateway, Tls, Verdict } from './graph.ts';

export type Mix<T> = T | 'mixed';

/** What several have in common. */
export function mixOf<T extends string>(values: Iterable<T>): Mix<T> {
  const [first, ...others] = new Set(values);
  return first !== undefined && others.length === 0 ? first : 'mixed';
}

export const verdictWords: Readonly<Record<Mix<Verdict>, string>> = {
  all: 'all',
  some: 'some',
  none: 'none',
  undetermined: 'undetermined',
  mixed: 'mixed',
};

export const tlsWords: Readonly<Record<Mix<Tls>, string>> = {
  plain: 'plain',
  'pass-through': 'pass-through',
  originated: 'TLS',
  mutual: 'mutual TLS',
  unknown: 'TLS unknown',
  none: 'not reached',
  mixed: 'mixed',
};

/** Of the files, beside the cluster. */
export const changeWords: Readonly<Record<Mix<Change['what'] | 'same'>, string>> = {
  added: 'only in files',
  removed: 'only in cluster',
  changed: 'differs',
  mixed: 'differs',
  same: 'the same',
};

export function clientName({ namespace, account }: Pick<GraphClient, 'namespace' | 'account'>): string {
  if (namespace === null) return 'all other clients';
  return account === null ? `other accounts in ${namespace}` : `${namespace}/${account}`;
}

/** A host and port; `*` and 0 mean all. */
export function targetName(host: string, port: number): string {
  if (host === '*') return 'all hosts';
  return port === 0 ? host : `${host}:${port}`;
}

export function gatewayName({ kind, namespace, name }: Omit<GraphGateway<unknown>, 'place'>): string {
  if (kind === 'none') return 'no gateway';
  return kind === 'unknown' ? 'gateway unknown' : `${namespace}/${name}`;
}

export const gatewayKinds: Readonly<Record<GraphGateway<unknown>['kind'], string>> = {
  waypoint: 'waypoint',
  gateway: 'egress gateway',
  none: 'straight to the host',
  unknown: 'in no file',
};

/** Without those that stand for none or for all. */
export function countsOf({ clients, gateways, hosts }: EgressGraph<unknown>): string {
  const through = gateways.filter(({ kind }) => kind !== 'none').length;
  const named = hosts.filter(({ host }) => host !== '*').length;
  return [
    counted(clients.length, 'client', 'clients'),
    counted(through, 'gateway', 'gateways'),
    counted(named, 'host', 'hosts'),
  ].join(', ');
}

export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
