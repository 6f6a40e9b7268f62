// Fixes that are made at once, before the files are checked again: all of them are worked out from the texts before the round.
import { applyEdits, type TextEdit } from '../base/text-edit.ts';
import type { DocumentId } from '../model/resource.ts';
import type { Change, Fix } from '../rules/rule.ts';
import { fileChanges, type FileChange, type FixHost } from './apply-fix.ts';

export class FixRound {
  readonly #host: FixHost;
  /** By file; a new one is made of them. */
  readonly #edits = new Map<string, TextEdit[]>();
  readonly #closed = new Set<string>();
  readonly #taken = new Map<DocumentId, Taken>();

  constructor(host: FixHost) {
    this.#host = host;
  }

  /**
   * Takes a fix that rests on nothing but one object. False if it does nothing, changes more than that, or if the round changes the object already.
   */
  takeLocal(fix: Fix): boolean {
    const place = onlyPlace(fix);
    const taken = place && (this.#taken.get(place.document) ?? { items: new Set(), end: -1 });
    if (!place || !taken || !isFree(taken, place)) return false;
    const changes = this.#changesOf(fix);
    if (
      !changes ||
      changes.some(({ uri, edits }) => this.#closed.has(uri) || edits.some(({ span }) => span.start <= taken.end))
    )
      return false;
    this.#add(changes);
    taken.items.add(place.item);
    taken.end = Math.max(...changes.flatMap(({ edits }) => edits.map(({ span }) => span.end)));
    this.#taken.set(place.document, taken);
    return true;
  }

  /** Takes a fix that others may make needless, or that makes others needless: the round has no other change of its files. */
  takeAlone(fix: Fix): boolean {
    const changes = this.#changesOf(fix);
    if (!changes || changes.some(({ uri }) => this.#edits.has(uri))) return false;
    this.#add(changes);
    for (const { uri } of changes) this.#closed.add(uri);
    return true;
  }

  /** The new text of each file that the round changes. */
  texts(): ReadonlyMap<string, string> {
    return new Map([...this.#edits].map(([uri, edits]) => [uri, applyEdits(this.#host.textOf(uri) ?? '', edits)]));
  }

  /** Undefined also where nothing would change: that would be done in each round. */
  #changesOf(fix: Fix): readonly FileChange[] | undefined {
    const exists = (uri: string) => this.#edits.has(uri) || this.#host.exists(uri);
    const changes = fileChanges(fix, { ...this.#host, exists });
    return changes?.some(({ edits }) => edits.length > 0) === true ? changes : undefined;
  }

  #add(changes: readonly FileChange[]): void {
    for (const { uri, edits } of changes) {
      const all = this.#edits.get(uri) ?? [];
      for (const edit of edits) all.push(edit);
      this.#edits.set(uri, all);
    }
  }
}

interface Place {
  readonly document: DocumentId;
  /** Of a List. */
  readonly item: number | undefined;
}

interface Taken {
  /** Items of a List; undefined stands for all of the document. */
  readonly items: Set<number | undefined>;
  /** Of the edits: what is in broken text may reach into other items. */
  end: number;
}

function isFree({ items }: Taken, { item }: Place): boolean {
  return items.size === 0 || (item !== undefined && !items.has(undefined) && !items.has(item));
}

/** Undefined for a fix of several objects, and for one that makes or moves some. */
function onlyPlace({ changes }: Fix): Place | undefined {
  const places = changes.map(placeOf);
  const [first] = places;
  return first && places.every((place) => place?.document === first.document && place.item === first.item)
    ? first
    : undefined;
}

function placeOf(change: Change): Place | undefined {
  if (change.op === 'create-file' || change.op === 'append-document' || change.op === 'remove-document')
    return undefined;
  return { document: change.in.document, item: 'listIndex' in change.in ? change.in.listIndex : undefined };
}
