// Shapes that several requests share.
import { nullable, object, text, wholeNumber, type Reader } from './read.ts';
import type { Position } from '../../base/line-index.ts';

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export const position: Reader<Position> = object<Position>({ line: wholeNumber, character: wholeNumber });
export const range: Reader<Range> = object<Range>({ start: position, end: position });

/** A file of the folder; `null` means the first folder. */
export const folderOf: Reader<string | null> = nullable(text);

/** A place in a file. */
export interface PlaceParams {
  readonly uri: string;
  readonly position: Position;
}

export const placeParams: Reader<PlaceParams> = object<PlaceParams>({ uri: text, position });

/** An object of a cluster or of the files, by the kinds of the model. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A place that an answer rests on. */
export interface Evidence {
  readonly uri: string;
  readonly range: Range;
  readonly resource: ObjectName | null;
  /** What it has to do with the answer, where that goes without saying it is absent. */
  readonly message?: string;
}

/** Instead of a result: why there is none, one sentence for users. */
export interface Unanswerable {
  readonly problem: string;
}
