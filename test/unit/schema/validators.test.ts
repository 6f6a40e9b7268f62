// The generated validators are ajv's code, shortened. They must say exactly what ajv itself says, of good objects and of broken ones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readKinds } from '../../../server/build/compile-validators.ts';
import type { Structure } from '../../../server/build/schemas/structure.ts';
import { exportName, newAjv } from '../../../server/build/validators/compile.ts';
import { loadValidators, type ValidatorError } from '../../../server/src/schema/validators.gen.js';

type Value = string | number | boolean | null | undefined | Value[] | { [key: string]: Value };

/** The same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** An object that the schema takes, as far as forms allow, or one that it does not: `slip` is how often something is wrong. */
function sample(schema: Structure, random: () => number, slip: number): Value {
  if (random() < slip)
    return [5, -1, 1e12, 1.5, '', 'x', 'A b', true, null, [], {}, [null], { x: 1 }][Math.floor(random() * 13)];
  if (schema.enum) return schema.enum[Math.floor(random() * schema.enum.length)];
  const type = Array.isArray(schema.type) ? (schema.type[0] as string) : schema.type;
  switch (type) {
    case 'object':
      return sampleObject(schema, random, slip);
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => sample(schema.items ?? {}, random, slip));
    case 'integer':
      return Math.floor(random() * 70000);
    case 'number':
      return random() * 100;
    case 'boolean':
      return random() < 0.5;
    default:
      return ['a', 'a.example.com', '5s', 'Kind', '*.a.b', ''][Math.floor(random() * 6)];
  }
}

function sampleObject({ properties = {}, additionalProperties }: Structure, random: () => number, slip: number): Value {
  const object: { [key: string]: Value } = {};
  for (const [name, schema] of Object.entries(properties))
    if (random() < 0.5) object[name] = sample(schema, random, slip);
  if (typeof additionalProperties === 'object') object['any'] = sample(additionalProperties, random, slip);
  if (random() < slip) object['stranger'] = 1;
  return object;
}

function faults(errors: readonly ValidatorError[] | null | undefined): readonly string[] {
  return (errors ?? [])
    .map(({ instancePath, keyword, params = {} }) => {
      const { missingProperty = '', additionalProperty = '', since = '' } = params;
      return `${keyword} ${instancePath} ${missingProperty}${additionalProperty}${since}`;
    })
    .sort();
}

describe('generated validators', () => {
  const kinds = readKinds();
  const generated = loadValidators();

  it('are there for every schema', () =>
    assert.deepEqual(Object.keys(generated).sort(), Object.keys(kinds).map(exportName).sort()));

  for (const [name, schema] of Object.entries(kinds)) {
    it(`say of ${name} what ajv says`, () => {
      const original = newAjv().compile(schema);
      const validate = generated[exportName(name)]!;
      const random = numbers(name.length + 1);
      let broken = 0;
      for (let i = 0; i < 300; i++) {
        const value = sample(schema, random, [0, 0.02, 0.1][i % 3]!);
        assert.equal(validate(value), original(value));
        assert.deepEqual(faults(validate.errors), faults(original.errors as ValidatorError[] | null));
        broken += validate.errors ? 1 : 0;
      }
      assert.ok(broken > 30, 'too few broken samples to prove anything');
    });
  }
});
