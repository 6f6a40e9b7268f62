// Which of many resources that name the same clash with one of them. Thousands can have one host, and most of them the same in all that
// decides: these are compared once.
import type { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Resource } from '../../model/resource.ts';

type Service = Resource<'VirtualService'>;

/** Where a VirtualService is seen. */
export type Scope = ReturnType<typeof scopeOf>;

export function scopesMeet(a: Scope, b: Scope): boolean {
  if (a === 'nowhere' || b === 'nowhere') return false;
  if (a === 'everywhere' || b === 'everywhere') return true;
  return [...a].some((namespace) => b.has(namespace));
}

/** One of those that have a host or a server name. */
export interface Rival {
  readonly service: Service;
  /** The same for rivals that clash with the same others. */
  readonly kind: string;
}

/** Of those that are alike one, and all of them with their places in the list. */
interface Alike<R> {
  readonly example: R;
  readonly members: readonly { readonly service: Service; readonly place: number }[];
}

export interface Rivals<R> {
  /** By the place of their first. */
  readonly alike: readonly Alike<R>[];
  readonly byId: ReadonlyMap<number, R>;
  /** The place of the first of a name. */
  readonly places: ReadonlyMap<string, number>;
}

/** In the order in which the fault is told. */
export function rivalsInOrder<R extends Rival>(list: readonly R[]): Rivals<R> {
  const alike = new Map<string, { readonly example: R; readonly members: { service: Service; place: number }[] }>();
  const places = new Map<string, number>();
  for (const [place, rival] of list.entries()) {
    const { service, kind } = rival;
    const group = alike.get(kind) ?? { example: rival, members: [] };
    group.members.push({ service, place });
    alike.set(kind, group);
    if (!places.has(nameOf(service))) places.set(nameOf(service), place);
  }
  return { alike: [...alike.values()], byId: new Map(list.map((one) => [one.service.id, one])), places };
}

/** The first that stand before the service in the list and clash with it; none that has its name, which is another fault. */
export function firstBefore<R extends Rival>(
  service: Service,
  { alike, byId, places }: Rivals<R>,
  { most, clash }: { readonly most: number; readonly clash: (rival: R, own: R) => boolean },
): readonly Service[] {
  const own = byId.get(service.id);
  const end = places.get(nameOf(service)) ?? 0;
  let found: Alike<R>['members'] = [];
  for (const { example, members } of own ? alike : []) {
    const first = members[0]!.place;
    const isFull = found.length === most && found.at(-1)!.place < first;
    if (isFull || first >= end) break;
    if (clash(example, own!))
      found = [...found, ...members.slice(0, most).filter(({ place }) => place < end)]
        .sort((a, b) => a.place - b.place)
        .slice(0, most);
  }
  return found.map((member) => member.service);
}

function nameOf({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}
