// The index behind `Mesh`: mutable, owned by one engine. An edit touches only the keys of the resources that it changes.
import { compareText } from '../../base/compare.ts';
import { nearest } from '../../base/nearest.ts';
import type { Kind } from '../../model/kinds.ts';
import type { AnyResource, DocumentId, Resource } from '../../model/resource.ts';
import { Buckets } from './buckets.ts';
import { isSelected, needsDiscovery } from '../hosts/discovery.ts';
import { hostsOf, indexKeys, keys } from './keys.ts';
import { labelsOf } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { meshView } from './recording.ts';
import type { MeshSettings } from '../settings.ts';
import { vouchedKinds, type Vouching, type VouchedKinds } from './vouching.ts';

export interface MeshIndexOptions extends Vouching {
  readonly mesh: MeshSettings;
}

/** A view answers for the version that it was taken of; asking it after an edit is a bug of whoever kept it. */
export class StaleMesh extends Error {
  constructor() {
    super('this view of the mesh was taken before an edit');
    this.name = 'StaleMesh';
  }
}

export class MeshIndex {
  readonly settings: MeshSettings;
  readonly #vouched: VouchedKinds;
  readonly #isSelective: boolean;
  /** What was found out about namespaces and kinds at one version. */
  #discovered = { version: -1, namespaces: new Map<string, boolean | undefined>(), kinds: new Map<Kind, boolean>() };
  readonly #buckets: Buckets;
  readonly #unknown = new Map<string, number>();
  /** Whoever edits asks for the keys too: they are made once. */
  #lastKeys: { readonly resource: Resource; readonly keys: readonly string[] } | undefined;
  #version = 0;

  /**
   * `positionOf` says where a document stands in its file, which orders answers within one file; without it the
   * document's id does, which is right as long as no file changes.
   */
  constructor(options: MeshIndexOptions, positionOf: (document: DocumentId) => number = (document) => document) {
    this.settings = options.mesh;
    this.#vouched = vouchedKinds(options);
    this.#isSelective = (options.mesh.discoverySelectors?.length ?? 0) > 0;
    this.#buckets = new Buckets(
      (a, b) =>
        compareText(a.uri, b.uri) ||
        positionOf(a.document) - positionOf(b.document) ||
        (a.listIndex ?? -1) - (b.listIndex ?? -1) ||
        a.at.whole.start - b.at.whole.start ||
        a.id - b.id,
    );
  }

  /** Grows with every edit; a view of another version throws `StaleMesh`. */
  get version(): number {
    return this.#version;
  }

  add(resource: Resource): void {
    this.#version++;
    for (const key of this.#indexKeys(resource)) this.#buckets.add(key, resource);
  }

  remove(resource: Resource): void {
    this.#version++;
    for (const key of this.#indexKeys(resource)) this.#buckets.remove(key, resource);
  }

  /**
   * All keys whose answers `resource` changes by its coming or going. To be asked right after it was added or right
   * before it is removed: being the first or last of its kind somewhere can change what is known there.
   */
  keysOf(resource: Resource): string[] {
    const found = [...this.#indexKeys(resource)];
    const shown = this.#vouched.shownAt(resource.kind, resource.namespace);
    if (shown === undefined || !this.#buckets.isAlone(keys.inNamespace(resource.kind, shown), resource)) return found;
    return [...found, keys.knows(resource.kind, shown)];
  }

  /** A document was skipped that would give a resource of that kind, in that namespace or in one that cannot be told. Gives the keys that it changes. */
  addUnknown(kind: Kind, namespace?: string): string[] {
    return this.#countUnknown(kind, namespace, 1);
  }

  removeUnknown(kind: Kind, namespace?: string): string[] {
    return this.#countUnknown(kind, namespace, -1);
  }

  /** The mesh as it is now; every key that an answer rests on is told to `record`, also where the answer is "none". */
  view(record: (key: string) => void = () => {}): Mesh {
    const taken = this.#version;
    const discovers = (namespace: string) => {
      if (!this.#isSelective || namespace === '') return true;
      record(keys.named('Namespace', '', namespace));
      return this.#discovers(namespace);
    };
    const isSeen = (resource: Resource) => !needsDiscovery(resource.kind) || discovers(resource.namespace) === true;
    return meshView({
      settings: this.settings,
      read: (key) => {
        if (taken !== this.#version) throw new StaleMesh();
        record(key);
        const found = this.#buckets.get(key);
        return this.#isSelective && found.length > 0 ? found.filter(isSeen) : found;
      },
      record,
      discovers,
      knows: (kind, namespace) => this.#knowsDiscovered(kind, namespace, record),
      nearestName: (kind, namespace, name) => this.#nearestName(kind, namespace, name),
      nearestHost: (host) => this.#nearestHost(host),
    });
  }

  #discovers(namespace: string): boolean | undefined {
    const { namespaces } = this.#discoveredNow();
    if (!namespaces.has(namespace)) {
      const described = this.#buckets.get(keys.named('Namespace', '', namespace));
      namespaces.set(namespace, isSelected(this.settings.discoverySelectors ?? [], labelsOf(described, namespace)));
    }
    return namespaces.get(namespace);
  }

  #discoveredNow() {
    if (this.#discovered.version !== this.#version)
      this.#discovered = { version: this.#version, namespaces: new Map(), kinds: new Map() };
    return this.#discovered;
  }

  /** What lies where istiod surely does not look is surely not there; what lies where it may look may be. */
  #knowsDiscovered(kind: Kind, namespace: string | undefined, record: (key: string) => void): boolean {
    if (!this.#isSelective || !needsDiscovery(kind)) return this.#knows(kind, namespace);
    record(namespace === undefined ? keys.all('Namespace') : keys.named('Namespace', '', namespace));
    if (namespace === undefined) record(keys.all(kind));
    const selected = namespace === undefined ? this.#isSettled(kind) || undefined : this.#discovers(namespace);
    return selected === undefined ? false : !selected || this.#knows(kind, namespace);
  }

  /** Whether of every resource of the kind it is known if istiod sees it. */
  #isSettled(kind: Kind): boolean {
    const { kinds } = this.#discoveredNow();
    const known =
      kinds.get(kind) ??
      this.#buckets.get(keys.all(kind)).every(({ namespace }) => this.#discovers(namespace) !== undefined);
    kinds.set(kind, known);
    return known;
  }

  #indexKeys(resource: Resource): readonly string[] {
    if (this.#lastKeys?.resource !== resource)
      this.#lastKeys = { resource, keys: indexKeys(resource as AnyResource, this.settings.clusterDomain) };
    return this.#lastKeys.keys;
  }

  #countUnknown(kind: Kind, namespace: string | undefined, by: number): string[] {
    this.#version++;
    const changed =
      namespace === undefined ? [keys.knows(kind, '')] : [keys.knows(kind, namespace), keys.knowsAnywhere(kind)];
    for (const key of changed) this.#unknown.set(key, (this.#unknown.get(key) ?? 0) + by);
    return changed;
  }

  #knows(kind: Kind, namespace: string | undefined): boolean {
    const here = namespace === undefined ? keys.knowsAnywhere(kind) : keys.knows(kind, namespace);
    if ((this.#unknown.get(here) ?? 0) > 0 || (this.#unknown.get(keys.knows(kind, '')) ?? 0) > 0) return false;
    if (this.#vouched.outright(kind, namespace)) return true;
    const shown = this.#vouched.shownAt(kind, namespace);
    return shown !== undefined && this.#buckets.has(keys.inNamespace(kind, shown));
  }

  #nearestName(kind: Kind, namespace: string | undefined, name: string): string | undefined {
    const key = namespace === undefined ? keys.all(kind) : keys.inNamespace(kind, namespace);
    if (this.#buckets.size(key) > scanned) return undefined;
    return nearest(
      name,
      this.#buckets.get(key).map((resource) => resource.name),
    );
  }

  #nearestHost(host: string): string | undefined {
    const everything = keys.under('');
    if (this.#buckets.size(everything) > scanned)
      return oneSlipFrom(host).find((other) => this.#buckets.has(keys.host(other)));
    return nearest(
      host,
      this.#buckets.get(everything).flatMap((resource) => hostsOf(resource, this.settings.clusterDomain)),
    );
  }
}

/** So many names are compared one by one for a suggestion; beyond, only what is one slip away is looked up. */
const scanned = 2000;

/** Every host that one swapped, missing, other or additional character makes of `host`, in that order. */
function oneSlipFrom(host: string): readonly string[] {
  const cuts = Array.from({ length: host.length + 1 }, (_, i) => [host.slice(0, i), host.slice(i)] as const);
  return [
    ...cuts.map(([head, tail]) => head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2)),
    ...cuts.map(([head, tail]) => head + tail.slice(1)),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail.slice(1))),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail)),
  ].filter((other) => other !== host);
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-.'.split('');
