// Which of its hosts a rule of a route is for, by the Host that it wants: a VirtualService can have thousands of hosts, with a rule for each.
import { addToGroup } from '../../base/group-by.ts';
import { setOf } from '../../base/set-of.ts';
import type { RouteCondition } from '../../mesh/routes/route-condition.ts';
import { patternsFor } from '../../names/hosts.ts';

type Condition = Pick<RouteCondition, 'authority'>;

/** The name that the condition wants as Host, if the route has it as a host. */
export function hostMeant({ authority }: Condition, hostsOfRoute: readonly string[]): string | undefined {
  if (authority?.how !== 'exact') return undefined;
  const name = authority.value.replace(/:\d+$/, '').toLowerCase();
  const hosts = setOf(hostsOfRoute);
  return patternsFor(name).some((pattern) => hosts.has(pattern)) ? name : undefined;
}

/** Items in their order, with the places of those that want a Host and of the others. */
export interface ByHostMeant<T> {
  readonly items: readonly T[];
  readonly others: readonly number[];
  readonly byHost: ReadonlyMap<string, readonly number[]>;
}

export function byHostMeant<T>(items: readonly T[], meantBy: (item: T) => string | undefined): ByHostMeant<T> {
  const others: number[] = [];
  const byHost = new Map<string, [number, ...number[]]>();
  for (const [i, item] of items.entries()) {
    const meant = meantBy(item);
    if (meant === undefined) others.push(i);
    else addToGroup(byHost, meant, i);
  }
  return { items, others, byHost };
}

/** Those that can be for the host, in their order, and beside them about so many that want the Host of another one. A wildcard can be any host. */
export function forHost<T>({ items, others, byHost }: ByHostMeant<T>, host: string, mostBeside = 0): readonly T[] {
  if (host.startsWith('*') || byHost.size === 0) return items;
  const beside: number[] = [];
  for (const [name, places] of byHost) {
    if (beside.length >= mostBeside) break;
    if (name !== host) beside.push(...places.slice(0, mostBeside));
  }
  return [...others, ...(byHost.get(host) ?? []), ...beside].sort((a, b) => a - b).map((i) => items[i]!);
}
