// Which of two ServiceEntries of one host the sidecars of each namespace use.
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { scopeOf } from './visibility.ts';

type Entry = Resource<'ServiceEntry'>;

/** `oldest` where the one that was created first is used; undefined where neither is seen. */
type Chosen = Entry | 'oldest' | undefined;

export interface ChoiceBySidecars {
  /** For the namespaces of both, and those that an `exportTo` names. */
  readonly named: ReadonlyMap<string, Chosen>;
  readonly elsewhere: Chosen;
}

/**
 * A namespace's own comes first, then one that is exported to it by name, then the older.
 * server/docs/istio-semantics-classic.md §B.20, §B.21; istio@86c9f01 pilot/pkg/model/sidecar.go selectServices.
 */
export function choiceBySidecars(mesh: Mesh, a: Entry, b: Entry): ChoiceBySidecars {
  const scoped = [a, b].map((entry) => ({ entry, scope: scopeOf(mesh, entry) }));
  const namespaces = new Set([a.namespace, b.namespace]);
  for (const { scope } of scoped)
    if (typeof scope !== 'string') for (const namespace of scope) namespaces.add(namespace);
  const chosenIn = (namespace: string | undefined): Chosen => {
    const byName = scoped.filter(
      ({ scope }) => typeof scope !== 'string' && namespace !== undefined && scope.has(namespace),
    );
    const seen = [...byName, ...scoped.filter(({ scope }) => scope === 'everywhere')].map(({ entry }) => entry);
    const own = seen.find((entry) => entry.namespace === namespace);
    if (own || seen.length < 2) return own ?? seen[0];
    return byName.length === 1 ? seen[0] : 'oldest';
  };
  return {
    named: new Map([...namespaces].sort().map((namespace) => [namespace, chosenIn(namespace)])),
    elsewhere: chosenIn(undefined),
  };
}
