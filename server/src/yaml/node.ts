// Our small tree. All other modules use it and never the parser's objects, so the parser can be replaced.
import type { Span } from '../base/span.ts';

/** All spans in a tree count from the start of the document's chunk (see `Chunk`), in UTF-16 code units. */
export type YamlNode = YamlScalar | YamlMap | YamlSeq;

export interface YamlScalar {
  readonly kind: 'scalar';
  /** As YAML 1.2 core resolves it. An absent value (`key:`) is null with an empty span just behind the colon. */
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** The text between the quotes is inside, the quotes too; no surrounding white space, no comment. */
  readonly span: Span;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
}

export interface YamlSeq {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

export interface YamlEntry {
  /** Keys that are not scalars are read as the text they are written with. */
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** True if the entry comes from a merge key (`<<`): its spans are at the anchor. */
  readonly merged?: boolean;
}

export interface YamlError {
  readonly message: string;
  readonly code: 'syntax' | 'duplicate-key' | 'tab' | 'indentation' | 'alias';
  /** True if all other lines are read as they stand, so that the error hides no object. */
  readonly isLocal?: true;
  readonly span: Span;
}

/** A piece of a file that holds one YAML document: from its `---` line (or the file's start) to the next one. */
export interface Chunk {
  /** Offset in the file. */
  readonly start: number;
  readonly text: string;
}

export interface YamlDocument {
  /** Undefined for a document of comments only. */
  readonly root: YamlNode | undefined;
  readonly errors: readonly YamlError[];
  /** Each comment's span from `#` to the end of its line, in order. */
  readonly comments: readonly Span[];
  /** True of a document that is too large to be read: nothing of it is known. */
  readonly isUnread?: true;
}
