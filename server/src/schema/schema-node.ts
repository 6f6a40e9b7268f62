// A part of a schema. `schemas/README.md` says what the `x-` marks mean.

/** What every form of our schemas says of a value; `Self` is the form of the parts inside. */
export interface SchemaPart<Self> {
  readonly format?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: string | number | boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Self>>;
  readonly items?: Self;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  /** First release that has the field, where not all have it. */
  readonly 'x-since'?: string;
  /** Last release that had the field. */
  readonly 'x-until'?: string;
  /** Set where the newest release has the field in its experimental channel only. */
  readonly 'x-channel'?: 'experimental';
  /** First release of each value of `enum` that not all have. */
  readonly 'x-values'?: Readonly<Record<string, string>>;
}

/** As the schemas are stored. */
export interface SchemaNode extends SchemaPart<SchemaNode> {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly additionalProperties?: SchemaNode | true;
  readonly $ref?: string;
}
