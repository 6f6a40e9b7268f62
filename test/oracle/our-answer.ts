/** What we make of a mesh: for each question every answer that may be. */
export interface OurAnswer {
  readonly bindings: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, OurPortAnswer>>;
  /** With `|` between what may be. */
  readonly services: Readonly<Record<string, string>>;
  /** All that may be; undefined where nothing is claimed. */
  readonly more: Readonly<Record<string, readonly string[] | undefined>>;
}

export interface OurPortAnswer {
  /** Undefined where nothing is claimed. */
  readonly tls: readonly string[] | undefined;
  /** One letter for each call; `?` where nothing is claimed. */
  readonly calls: string;
  readonly upstream: string;
}
