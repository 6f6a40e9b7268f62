// A value to start from where a required field is missing.
import type { FieldPath } from '../base/field-path.ts';
import type { Plain } from '../yaml/plain.ts';
import { schemaAt } from './tree.ts';
import type { SchemaNode } from './schema-node.ts';

/** The usual value by field name; all others come from the schema. */
const usual: Readonly<Record<string, Plain>> = {
  host: 'example.com',
  hosts: ['example.com'],
  hostname: 'example.com',
  hostnames: ['example.com'],
  targetHost: 'example.com',
  number: 443,
  port: 443,
  targetPort: 443,
  name: 'name',
  gatewayClassName: 'istio-waypoint',
  duration: '10s',
};

export function placeholderFor(schema: string, path: FieldPath): Plain {
  const field = path.at(-1);
  const node = schemaAt(schema, path);
  if (typeof field === 'string' && Object.hasOwn(usual, field) && fits(usual[field]!, node))
    return structuredClone(usual[field]!);
  if (node?.enum) return node.enum[0]!;
  switch (node?.type) {
    case 'object':
      return objectFor(schema, path, node);
    case 'array':
      return [placeholderFor(schema, [...path, 0])];
    case 'integer':
    case 'number':
      return node.minimum ?? 1;
    case 'boolean':
      return false;
    default:
      return node?.format === 'duration' ? '10s' : 'value';
  }
}

function objectFor(schema: string, path: FieldPath, node: SchemaNode): Plain {
  return Object.fromEntries((node.required ?? []).map((name) => [name, placeholderFor(schema, [...path, name])]));
}

function fits(value: Plain, node: SchemaNode | undefined): boolean {
  const scalar = typeof value === 'number' ? 'integer' : typeof value;
  const type = Array.isArray(value) ? 'array' : scalar;
  return node?.type === type && !node.enum;
}
