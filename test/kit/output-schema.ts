// Holds the JSON that commands print to its schema in `schemas/output/`, with no field that the schema does not name.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { root } from './lsp-client.ts';

const validators = new Map<string, ValidateFunction | undefined>();

/** Fails where the output of these arguments has a schema and does not match it. An output that is no JSON is for the caller to judge. */
export function assertOutput(args: readonly string[], out: string): void {
  const validate = isJson(args) ? validatorOf(args[0] ?? '') : undefined;
  const content = validate && parsed(out);
  if (!validate || content === undefined) return;
  assert.ok(validate(content), `${args.join(' ')}: ${JSON.stringify(validate.errors?.slice(0, 3), null, 2)}`);
}

function isJson(args: readonly string[]): boolean {
  return args.includes('--format=json') || args.some((word, at) => word === '--format' && args[at + 1] === 'json');
}

function parsed(out: string): unknown {
  try {
    return JSON.parse(out) as unknown;
  } catch {
    return undefined;
  }
}

export function validatorOf(command: string): ValidateFunction | undefined {
  if (!validators.has(command)) validators.set(command, compiled(command));
  return validators.get(command);
}

function compiled(command: string): ValidateFunction | undefined {
  const file = join(root, `schemas/output/${command}.schema.json`);
  if (!existsSync(file)) return undefined;
  return new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    closed(JSON.parse(readFileSync(file, 'utf8'))) as object,
  );
}

/** Readers have to expect more fields than a schema names; the tests do not. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'required' in parts && !('additionalProperties' in parts) ? { ...parts, additionalProperties: false } : parts;
}
