// How a value that names something is written, read and offered.
import { describe, type Resource } from '../../model/resource.ts';
import type { Entity } from '../entity.ts';
import type { FieldAt } from '../situation.ts';

/** A piece of a value that names something. */
export interface Part {
  /** In the value's text. */
  readonly from: number;
  readonly to: number;
  /** Several where one piece stands for several things, as a port that each host of an entry has. */
  readonly entities: readonly Entity[];
  /** The piece as it is when the thing gets that name; undefined where it cannot be said this way. */
  readonly renamed: (name: string) => string | undefined;
}

/** A value that fits. */
export interface Candidate {
  readonly text: string;
  /** Where it comes from, in a few words. */
  readonly detail: string;
  /** Fields beside this one that belong to it, as kind and group beside a name. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Of the file or cluster that it comes from. */
  readonly uri?: string;
}

/** A candidate that a resource makes. */
export function from(resource: Resource, text: string, tail = ''): Candidate {
  return { text, detail: `${describe(resource)}${tail}`, uri: resource.uri };
}

export interface Form {
  /** What it names, in words. */
  readonly names: string;
  /** How the name is written, in Markdown. */
  readonly spelling: string;
  readonly read: (text: string, at: FieldAt) => readonly Part[];
  /** The likely ones first; of any length, so that a reader stops when it has enough. */
  readonly candidates: (at: FieldAt) => Iterable<Candidate>;
}

/** The whole text, which is the name itself. */
export function whole(text: string, ...entities: readonly Entity[]): readonly Part[] {
  return wholeFor(text, entities);
}

/** The same of a list, which can be too long for arguments. */
export function wholeFor(text: string, entities: readonly Entity[]): readonly Part[] {
  return text === '' ? [] : [{ from: 0, to: text.length, entities, renamed: (name) => name }];
}

export function piece(from: number, text: string, ...entities: readonly Entity[]): readonly Part[] {
  return whole(text, ...entities).map((part) => ({ ...part, from, to: from + text.length }));
}

export function moved(parts: readonly Part[], by: number): readonly Part[] {
  return parts.map((part) => ({ ...part, from: part.from + by, to: part.to + by }));
}

/** Each text once. */
export function* distinct(candidates: Iterable<Candidate>): Generator<Candidate> {
  const seen = new Set<string>();
  for (const candidate of candidates) {
    if (candidate.text === '' || seen.has(candidate.text)) continue;
    seen.add(candidate.text);
    yield candidate;
  }
}

/** Those of one namespace before all others. */
export function* nearFirst<T extends { readonly namespace: string }>(
  near: readonly T[],
  all: readonly T[],
): Generator<T> {
  yield* near;
  const home = near[0]?.namespace;
  for (const one of all) if (one.namespace !== home) yield one;
}
