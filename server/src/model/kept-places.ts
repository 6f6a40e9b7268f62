// The places that every resource has, each as a number: they are kept for all files, and asked for few.
import { packed, unpacked, type PackedSpan } from '../base/packed-span.ts';
import type { Span } from '../base/span.ts';
import type { ResourcePlaces } from './resource.ts';

export class KeptPlaces implements ResourcePlaces {
  readonly #whole: PackedSpan;
  readonly #kind: PackedSpan;
  readonly #apiVersion: PackedSpan;
  readonly #name: PackedSpan;
  readonly #namespace: PackedSpan | undefined;
  readonly #metadata: PackedSpan;
  readonly #spec: PackedSpan;

  constructor(places: ResourcePlaces) {
    this.#whole = packed(places.whole);
    this.#kind = packed(places.kind);
    this.#apiVersion = packed(places.apiVersion);
    this.#name = packed(places.name);
    this.#namespace = places.namespace && packed(places.namespace);
    this.#metadata = packed(places.metadata);
    this.#spec = packed(places.spec);
  }

  get whole(): Span {
    return unpacked(this.#whole);
  }

  get kind(): Span {
    return unpacked(this.#kind);
  }

  get apiVersion(): Span {
    return unpacked(this.#apiVersion);
  }

  get name(): Span {
    return unpacked(this.#name);
  }

  get namespace(): Span | undefined {
    return this.#namespace === undefined ? undefined : unpacked(this.#namespace);
  }

  get metadata(): Span {
    return unpacked(this.#metadata);
  }

  get spec(): Span {
    return unpacked(this.#spec);
  }
}
