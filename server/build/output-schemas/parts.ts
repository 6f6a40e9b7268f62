// Pieces of JSON Schema from which the schemas of outputs are put together.

export type Schema = Readonly<Record<string, unknown>>;

export function text(description?: string): Schema {
  return { type: 'string', ...described(description) };
}

/** Any JSON. */
export function anything(description?: string): Schema {
  return described(description);
}

export function choice(values: readonly string[], description?: string): Schema {
  return { enum: values, ...described(description) };
}

export function number(description?: string): Schema {
  return { type: 'integer', minimum: 0, ...described(description) };
}

export function flag(description?: string): Schema {
  return { type: 'boolean', ...described(description) };
}

export function list(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...described(description) };
}

export function orNull(schema: Schema, description?: string): Schema {
  const { type } = schema;
  return typeof type === 'string' && type !== 'object'
    ? { ...schema, type: [type, 'null'], ...described(description) }
    : { anyOf: [schema, { type: 'null' }], ...described(description) };
}

/** A property whose name ends in `?` may be absent. */
export function object(properties: Readonly<Record<string, Schema>>, description?: string): Schema {
  const names = Object.keys(properties);
  return {
    type: 'object',
    ...described(description),
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), properties[name]!])),
  };
}

export function ref(name: string, description?: string): Schema {
  const schema = { $ref: `#/definitions/${name}` };
  // Draft 7 ignores what stands beside a reference.
  return description === undefined ? schema : { allOf: [schema], description };
}

function described(description: string | undefined): Schema {
  return description === undefined ? {} : { description };
}
