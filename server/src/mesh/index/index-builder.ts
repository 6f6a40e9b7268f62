// The index behind `Mesh`: mutable, owned by one engine. An edit touches only the keys of the resources that it changes.
import type { Kind } from '../../model/kinds.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { Buckets, firstOf, inFileOrder, type PositionOf } from './buckets.ts';
import { DerivedFacts } from './derived-facts.ts';
import { KnownKeys, workedOut, type How, type KnownKey } from './fact.ts';
import { isSelected, needsDiscovery } from '../hosts/discovery.ts';
import { filterOnce } from './filter-once.ts';
import { indexKeys, keys } from './keys.ts';
import { labelsOf } from '../label-selector.ts';
import { StaleMesh, type Look } from './look.ts';
import type { Mesh } from '../mesh.ts';
import { nearestHost, nearestName } from './near-hosts.ts';
import { MeshView, type Recording, type ViewSource } from './recording.ts';
import type { MeshSettings } from '../settings.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { vouchedKinds, type Vouching, type VouchedKinds } from './vouching.ts';

export interface MeshIndexOptions extends Vouching {
  readonly mesh: MeshSettings;
}

export class MeshIndex {
  readonly settings: MeshSettings;
  readonly #vouched: VouchedKinds;
  readonly #isSelective: boolean;
  /** For the views that count everything. */
  #written: Look;
  /** For the views that leave out what the API server refuses. */
  #inForce: Look;
  readonly #views = new WeakMap<Look, Mesh>();
  readonly #buckets: Buckets;
  readonly #inCluster: Buckets;
  readonly #unknown: Map<string, number>;
  readonly #source: ViewSource<Look>;
  /** What facts and subjects of rules rest on. */
  readonly known = new KnownKeys();
  /** Of recording views, from one version to the next. */
  readonly facts = new DerivedFacts(this);
  /** Computed once, because every edit needs the keys. */
  #lastKeys: { readonly resource: Resource; readonly keys: readonly string[] } | undefined;
  #version = 0;
  #refused = 0;
  /** What views were asked for and what they gave, as a measure of work. */
  read = 0;

  /**
   * `positionOf` gives the position of a document in its file, which orders answers within one file; without it the document's id
   * does, which is right as long as no file changes. `base` is there from the beginning, and must not change in the meantime.
   */
  constructor(options: MeshIndexOptions, positionOf: PositionOf = (document) => document, base?: MeshIndex) {
    this.settings = options.mesh;
    this.#vouched = vouchedKinds(options);
    this.#isSelective = (options.mesh.discoverySelectors?.length ?? 0) > 0;
    this.#buckets = new Buckets(inFileOrder(positionOf), base && base.#buckets);
    this.#inCluster = new Buckets(inFileOrder(positionOf), base && base.#inCluster);
    this.#unknown = new Map(base && base.#unknown);
    this.#refused = base ? base.#refused : 0;
    this.#source = this.#newSource();
    this.#written = this.#look(() => true);
    this.#inForce = this.#look(() => false);
  }

  /** Grows with every edit; a view of another version throws `StaleMesh`. */
  get version(): number {
    return this.#version;
  }

  add(resource: Resource): void {
    this.#version++;
    if (resource.refused) this.#refused++;
    for (const key of this.#indexKeys(resource)) this.#buckets.add(key, resource);
    if (isClusterUri(resource.uri)) this.#inCluster.add(keys.ofName(resource), resource);
    if (!this.facts.isEmpty) this.facts.doubt(this.keysOf(resource));
  }

  remove(resource: Resource): void {
    this.facts.doubt(this.keysOf(resource));
    this.#version++;
    if (resource.refused) this.#refused--;
    for (const key of this.#indexKeys(resource)) this.#buckets.remove(key, resource);
    if (isClusterUri(resource.uri)) this.#inCluster.remove(keys.ofName(resource), resource);
  }

  /**
   * All keys whose answers `resource` changes by its coming or going. To be asked right after it was added or right
   * before it is removed: being the first or last of its kind somewhere can change what is known there.
   */
  keysOf(resource: Resource): string[] {
    const found = [...this.#indexKeys(resource), ...this.#keysUncovered(resource)];
    const shown = this.#vouched.shownAt(resource.kind, resource.namespace);
    if (shown === undefined || !this.#buckets.isAlone(keys.inNamespace(resource.kind, shown), resource)) return found;
    return [...found, keys.knows(resource.kind, shown)];
  }

  /** A refused object stands before the cluster's version of it where everything counts as written. */
  #keysUncovered(resource: Resource): readonly string[] {
    const same = resource.refused ? this.#inCluster.get(keys.ofName(resource)) : [];
    return same.flatMap((one) => indexKeys(one as AnyResource, this.settings.clusterDomain));
  }

  /** Records a skipped document that may define a resource of that kind, in that namespace or in an unknown one. Returns the changed keys. */
  addUnknown(kind: Kind, namespace?: string): string[] {
    return this.#countUnknown(kind, namespace, 1);
  }

  removeUnknown(kind: Kind, namespace?: string): string[] {
    return this.#countUnknown(kind, namespace, -1);
  }

  /**
   * The mesh of the files, including objects that the API server rejects: for rules, which report one cause once. Every key that
   * an answer depends on is passed to `record`, also if the answer is "none".
   */
  view(record?: (key: KnownKey) => void): Mesh {
    if (this.#written.version !== this.#version) this.#written = this.#look(() => true);
    const look = this.#written;
    return record ? new MeshView(this.#source, look, this.known.recording(record)) : this.#one(look);
  }

  /** The mesh without objects that the API server rejects: for traces and all other answers to users. */
  inForce(): Mesh {
    if (this.#refused === 0) return this.view();
    if (this.#inForce.version !== this.#version) this.#inForce = this.#look(() => false);
    const look = this.#inForce;
    const counting = (counts: (resource: Resource) => boolean) =>
      new MeshView(this.#source, this.#look(counts), undefined);
    return this.#one(look, counting);
  }

  /** The same view as long as nothing changes: who asks later can tell by it. */
  #one(look: Look, counting?: Mesh['countingRefused']): Mesh {
    const known = this.#views.get(look) ?? new MeshView(this.#source, look, undefined, counting);
    this.#views.set(look, known);
    return known;
  }

  #look(counts: (resource: Resource) => boolean): Look {
    const filter = filterOnce((resource) => this.#isCounted(resource, counts));
    const get = (key: string): readonly Resource[] => {
      const found = this.#buckets.get(key);
      return this.#refused === 0 ? found : filter(key, found);
    };
    return { version: this.#version, get, namespaces: new Map(), kinds: new Map(), facts: new Map() };
  }

  /** A cluster's version of an object is there only to take the place of a refused one. */
  #isCounted(resource: Resource, counts: (resource: Resource) => boolean): boolean {
    if (resource.refused) return counts(resource);
    if (!isClusterUri(resource.uri)) return true;
    const same = this.#buckets.get(keys.ofName(resource));
    return !same.some((one) => one.refused && one.written.kind === resource.written.kind && counts(one));
  }

  #newSource(): ViewSource<Look> {
    return {
      settings: this.settings,
      derived: (look, record, view, key, how) => {
        this.#needFresh(look);
        this.read++;
        if (!record) return this.#unrecorded(look, view, key, how);
        return this.facts.get(record(key), how);
      },
      read: (look, record, key, most) => {
        this.#needFresh(look);
        record?.(key);
        const found = firstOf(look.get(key), most);
        this.read += 1 + found.length;
        return this.#isSelective && found.length > 0 ? found.filter((one) => this.#isSeen(look, record, one)) : found;
      },
      discovers: (look, record, namespace) => this.#discoversRecorded(look, record, namespace),
      knows: (look, record, kind, namespace) => this.#knowsDiscovered(look, record, kind, namespace),
      nearestName: (kind, namespace, name) => nearestName(this.#buckets, kind, namespace, name),
      nearestHost: (host) => nearestHost(this.#buckets, this.settings.clusterDomain, host),
    };
  }

  #isSeen(look: Look, record: Recording, { kind, namespace }: Resource): boolean {
    return !needsDiscovery(kind) || this.#discoversRecorded(look, record, namespace) === true;
  }

  #discoversRecorded(look: Look, record: Recording, namespace: string): boolean | undefined {
    if (!this.#isSelective || namespace === '') return true;
    record?.(keys.named('Namespace', '', namespace));
    return this.#discovers(look, namespace);
  }

  #needFresh({ version }: Look): void {
    if (version !== this.#version) throw new StaleMesh();
  }

  #unrecorded(look: Look, view: Mesh, key: string, how: How): unknown {
    if (look.facts.has(key)) return look.facts.get(key);
    const known = look === this.#written ? this.facts.known(key) : undefined;
    const value = known ? known.value : workedOut(view, how);
    look.facts.set(key, value);
    return value;
  }

  #discovers({ get, namespaces }: Look, namespace: string): boolean | undefined {
    if (!namespaces.has(namespace)) {
      const described = get(keys.named('Namespace', '', namespace));
      namespaces.set(namespace, isSelected(this.settings.discoverySelectors ?? [], labelsOf(described, namespace)));
    }
    return namespaces.get(namespace);
  }

  /** A resource in a namespace that istiod does not watch is absent; in a namespace that it may watch, it may be there. */
  #knowsDiscovered(look: Look, record: Recording, kind: Kind, namespace: string | undefined): boolean {
    if (!this.#isSelective || !needsDiscovery(kind)) return this.#knows(look, kind, namespace);
    record?.(namespace === undefined ? keys.all('Namespace') : keys.named('Namespace', '', namespace));
    if (namespace === undefined) record?.(keys.all(kind));
    const selected =
      namespace === undefined ? this.#isSettled(look, kind) || undefined : this.#discovers(look, namespace);
    return selected === undefined ? false : !selected || this.#knows(look, kind, namespace);
  }

  /** Whether of every resource of the kind it is known if istiod sees it. */
  #isSettled(look: Look, kind: Kind): boolean {
    const known =
      look.kinds.get(kind) ??
      look.get(keys.all(kind)).every(({ namespace }) => this.#discovers(look, namespace) !== undefined);
    look.kinds.set(kind, known);
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
    this.facts.doubt(changed);
    return changed;
  }

  #knows(look: Look, kind: Kind, namespace: string | undefined): boolean {
    const here = namespace === undefined ? keys.knowsAnywhere(kind) : keys.knows(kind, namespace);
    if ((this.#unknown.get(here) ?? 0) > 0 || (this.#unknown.get(keys.knows(kind, '')) ?? 0) > 0) return false;
    if (this.#vouched.outright(kind, namespace)) return true;
    const shown = this.#vouched.shownAt(kind, namespace);
    return shown !== undefined && look.get(keys.inNamespace(kind, shown)).length > 0;
  }
}
