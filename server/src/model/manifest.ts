/** A manifest of one object that can be applied. */
export interface Manifest {
  /** The caller's own; each once in a plan. */
  readonly id: string;
  /** As it is written. */
  readonly kind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** For kubectl, YAML or JSON: as in the file, an item of a List as JSON. */
  readonly text: string;
  /** Messages of its findings of severity error; they stop it until they are confirmed. */
  readonly errors: readonly string[];
}
