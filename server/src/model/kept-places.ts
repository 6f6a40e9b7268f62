// The places that every resource has, each as a number: they are kept for all files, and asked for few.
import { packed, unpacked, type PackedSpan } from '../base/packed-span.ts';
import type { Span } from '../base/span.ts';
import type { ResourcePlaces } from './resource.ts';

export class KeptPlaces implements ResourcePlaces {
  private readonly wholeAt: PackedSpan;
  private readonly kindAt: PackedSpan;
  private readonly apiVersionAt: PackedSpan;
  private readonly nameAt: PackedSpan;
  private readonly namespaceAt: PackedSpan | undefined;
  private readonly metadataAt: PackedSpan;
  private readonly specAt: PackedSpan;

  constructor(places: ResourcePlaces) {
    this.wholeAt = packed(places.whole);
    this.kindAt = packed(places.kind);
    this.apiVersionAt = packed(places.apiVersion);
    this.nameAt = packed(places.name);
    this.namespaceAt = places.namespace && packed(places.namespace);
    this.metadataAt = packed(places.metadata);
    this.specAt = packed(places.spec);
  }

  get whole(): Span {
    return unpacked(this.wholeAt);
  }

  get kind(): Span {
    return unpacked(this.kindAt);
  }

  get apiVersion(): Span {
    return unpacked(this.apiVersionAt);
  }

  get name(): Span {
    return unpacked(this.nameAt);
  }

  get namespace(): Span | undefined {
    return this.namespaceAt === undefined ? undefined : unpacked(this.namespaceAt);
  }

  get metadata(): Span {
    return unpacked(this.metadataAt);
  }

  get spec(): Span {
    return unpacked(this.specAt);
  }
}
