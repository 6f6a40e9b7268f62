// Which servers of one port of a gateway's pods are kept: those that are read first. Gateways are read in the order of their age.
// server/docs/istio-semantics-classic.md §F.1, §F.15 to §F.17; istio@86c9f01 pilot/pkg/model/gateway.go mergeGateways.
import { groupBy } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { ServerOnPort } from '../clients/egress-gateway.ts';

/** What is kept in each order of age, alike ones once; undefined for more Gateways than are tried. */
export const keptServers = keptFor(
  (servers: readonly ServerOnPort[]): readonly (readonly ServerOnPort[])[] | undefined => {
    const contested = contestedGateways(servers);
    if (contested.length > maxGateways) return undefined;
    const always = merged(servers.filter(({ gateway }) => !contested.includes(gateway)));
    const kept = ordersOf(contested).map((order) => [
      ...always,
      ...merged(order.flatMap((gateway) => servers.filter((one) => one.gateway === gateway))),
    ]);
    return kept.filter((one, i) => kept.findIndex((other) => isSame(one, other)) === i);
  },
);

/**
 * The Gateways of which age decides what is kept. Plain HTTP alone is merged whatever its age, and so is TLS for names that no other Gateway has:
 * hundreds of teams can share one port so.
 */
export function contestedGateways(servers: readonly ServerOnPort[]): readonly ServerOnPort['gateway'][] {
  const all = [...new Set(servers.map(({ gateway }) => gateway))];
  if (all.length <= maxGateways) return all;
  if (alwaysKept(servers)) return [];
  if (!servers.every(isTls)) return all;
  const byText = groupBy(
    servers.flatMap((one) => hostTexts(one).map((text) => ({ text, gateway: one.gateway }))),
    ({ text }) => text,
  );
  const contested = [...byText.values()].filter(([first, ...others]) =>
    others.some(({ gateway }) => gateway !== first.gateway),
  );
  return [...new Set(contested.flatMap((list) => list.map(({ gateway }) => gateway)))];
}

const maxGateways = 4;

/** Orders in which the Gateways of these servers may be read; undefined for more than are tried. */
export function ordersOfAge(
  servers: readonly ServerOnPort[],
): readonly (readonly ServerOnPort['gateway'][])[] | undefined {
  const gateways = [...new Set(servers.map(({ gateway }) => gateway))];
  return gateways.length > maxGateways ? undefined : ordersOf(gateways);
}

function ordersOf<T>(values: readonly T[]): readonly (readonly T[])[] {
  if (values.length < 2) return [values];
  return values.flatMap((first) => ordersOf(values.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}

/** Plain HTTP alone is merged, whatever its age. */
function alwaysKept(servers: readonly ServerOnPort[]): boolean {
  return servers.every(({ server }) => server.tls === undefined && protocolKind(server.protocol?.value) === 'http');
}

function merged(servers: readonly ServerOnPort[]): readonly ServerOnPort[] {
  const kept: ServerOnPort[] = [];
  const taken = new Set<string>();
  const isHttp = (one: ServerOnPort) => protocolKind(one.server.protocol?.value) === 'http';
  /** The first that is kept. */
  let plaintext: ServerOnPort | undefined;
  for (const one of servers) {
    const hosts = one.server.tls ? hostTexts(one) : [];
    if (hosts.some((host) => taken.has(host))) continue;
    for (const host of hosts) taken.add(host);
    if (plaintext && !(isHttp(plaintext) && isHttp(one))) continue;
    if (!isTls(one)) plaintext ??= one;
    kept.push(one);
  }
  return kept;
}

function isTls({ server }: ServerOnPort): boolean {
  return server.tls !== undefined && protocolKind(server.protocol?.value) !== 'http';
}

/** Compared as texts, where only the namespace is written out. istio@86c9f01 pilot/pkg/model/gateway.go sanitizeServerHostNamespace. */
function hostTexts({ gateway, server }: ServerOnPort): readonly string[] {
  const texts = server.hosts.map(({ value }) => {
    if (value.startsWith('./')) return `${gateway.namespace}/${value.slice(2)}`;
    return value.startsWith('*/') ? value.slice(2) : value;
  });
  return server.hosts.some(({ value }) => value === '*/*') ? ['*'] : texts;
}

function isSame(a: readonly ServerOnPort[], b: readonly ServerOnPort[]): boolean {
  const known = new Set(b);
  return a.length === b.length && a.every((one) => known.has(one));
}
