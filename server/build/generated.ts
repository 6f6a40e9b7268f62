// The result of a module of `npm run generate`. The command writes or compares it; modules never touch the disk themselves.

export interface GeneratedFile {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export type Outcome = { readonly files: readonly GeneratedFile[] } | { readonly skipped: string };

export interface Generated {
  readonly name: string;
  /** Folders that hold nothing but this module's files: what is no longer generated is removed from them. */
  readonly folders?: readonly string[];
  /** Called after the modules before it in the list are written. */
  readonly make: () => Promise<Outcome>;
}
