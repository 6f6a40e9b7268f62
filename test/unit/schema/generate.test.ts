// How schemas are made from CRDs, on small examples; and that what is committed is what the command makes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { resolve } from 'node:path';
import { merge, type Release } from '../../../server/build/schemas/merge.ts';
import { print, share, type Json } from '../../../server/build/schemas/share.ts';
import { structureOf, type Structure } from '../../../server/build/schemas/structure.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('structureOf', () => {
  it('leaves prose and rules behind', () => {
    const schema = {
      type: 'object',
      description: 'x',
      oneOf: [{ required: ['a'] }],
      'x-kubernetes-validations': [{ rule: 'self.a' }],
      required: ['a', 'b'],
      properties: {
        a: { type: 'string', default: 'x' },
        b: { type: 'array', items: { type: 'integer', format: 'int64' }, 'x-kubernetes-list-type': 'set' },
      },
    };
    assert.deepEqual(structureOf(schema), {
      type: 'object',
      required: ['b'],
      properties: { a: { type: 'string', default: 'x' }, b: { type: 'array', items: { type: 'integer' } } },
    });
  });
  it('keeps the rules that bound one value', () => {
    const rules = (rule: string) => ({ 'x-kubernetes-validations': [{ rule }] });
    assert.deepEqual(structureOf({ type: 'integer', minimum: 0, ...rules('0 < self && self <= 65535') }), {
      type: 'integer',
      minimum: 1,
      maximum: 65535,
    });
    assert.deepEqual(structureOf({ type: 'string', ...rules("duration(self) >= duration('1ms')") }), {
      type: 'string',
      format: 'duration',
    });
    assert.deepEqual(structureOf({ type: 'integer', ...rules('0 < self && self <= 6553') }), { type: 'integer' });
  });
  it('stops at an unknown keyword', () =>
    assert.throws(() => structureOf({ type: 'string', contentEncoding: 'x' }), /contentEncoding/));
});

describe('merge', () => {
  type Row = readonly [release: string, structure: Structure, channel?: Release['channel']];
  const releases = (...structures: readonly Row[]): readonly Release[] =>
    structures.map(([release, structure, channel = 'standard']) => ({ release, channel, structure }));
  const object = (properties: Record<string, Structure>, required?: readonly string[]): Structure => ({
    type: 'object',
    properties,
    ...(required ? { required } : {}),
  });
  const text: Structure = { type: 'string' };

  it('marks fields by the releases that have them', () => {
    const merged = merge(
      releases(
        ['1.1', object({ a: text, b: text })],
        ['1.2', object({ a: text, b: text, c: text })],
        ['1.3', object({ a: text, c: text })],
      ),
    );
    assert.deepEqual(merged, object({ a: text, b: { 'x-until': '1.2', ...text }, c: { 'x-since': '1.2', ...text } }));
  });
  it('counts a field inside of a new one from its parent on', () => {
    const merged = merge(releases(['1.1', object({})], ['1.2', object({ a: object({ b: text }) })]));
    assert.deepEqual(merged, object({ a: { 'x-since': '1.2', ...object({ b: text }) } }));
  });
  it('marks what only the experimental channel has', () => {
    const merged = merge(releases(['1.1', object({ a: text })], ['1.1', object({ a: text, b: text }), 'experimental']));
    assert.deepEqual(merged, object({ a: text, b: { 'x-channel': 'experimental', ...text } }));
  });
  it('collects choices and says which are later', () => {
    const merged = merge(
      releases(['1.1', { type: 'string', enum: ['A'] }], ['1.2', { type: 'string', enum: ['A', 'B'] }]),
    );
    assert.deepEqual(merged, { type: 'string', enum: ['A', 'B'], 'x-values': { B: '1.2' } });
  });
  it('takes the loosest of what differs', () => {
    const merged = merge(
      releases(
        [
          '1.1',
          {
            type: 'array',
            maxItems: 8,
            minItems: 1,
            items: { type: 'string', pattern: 'x', maxLength: 5, minLength: 2 },
          },
        ],
        ['1.2', { type: 'array', maxItems: 16, items: { type: 'string', pattern: 'y', maxLength: 4, minLength: 1 } }],
      ),
    );
    assert.deepEqual(merged, { type: 'array', maxItems: 16, items: { type: 'string', maxLength: 5, minLength: 1 } });
    assert.equal(
      merge(releases(['1.1', object({ a: text }, ['a'])], ['1.2', object({ a: text })])).required,
      undefined,
    );
    assert.equal(merge(releases(['1.1', { type: 'string', enum: ['A'] }], ['1.2', text])).enum, undefined);
  });
  it('stops where a type changed', () =>
    assert.throws(() => merge(releases(['1.1', text], ['1.2', { type: 'integer' }])), /changed its type/));
});

describe('share', () => {
  const part: Structure = {
    type: 'object',
    properties: { a: { type: 'string', maxLength: 10 }, b: { type: 'string', maxLength: 20 } },
  };
  it('writes a part once, and its marks where they belong', () => {
    const shared = share({ properties: { x: part, y: { 'x-since': '1.2', ...part } } }, 20);
    assert.deepEqual(shared['properties'], { x: { $ref: '#/$defs/x' }, y: { $ref: '#/$defs/x', 'x-since': '1.2' } });
    assert.deepEqual(shared['$defs'], { x: part });
  });
  it('names no part that repeats only inside of another', () => {
    const outer: Structure = { type: 'object', properties: { p: part } };
    assert.deepEqual(Object.keys(share({ properties: { x: outer, y: outer } }, 20)['$defs'] as object), ['x']);
  });
  it('prints what fits on one line', () => {
    const value: Json = { a: [1, 2], b: { c: 'x'.repeat(30) } };
    assert.equal(print(value, '', 80), JSON.stringify(value));
    assert.deepEqual(JSON.parse(print(value, '', 20)), value);
    assert.ok(print(value, '', 20).includes('\n'));
  });
});

describe('npm run generate -- --check', () => {
  const check = (...names: string[]) =>
    spawnSync(process.execPath, ['server/build/generate.ts', '--check', ...names], { cwd: root, encoding: 'utf8' });
  it('finds validators and texts current', () => {
    const { status, stdout, stderr } = check('validators', 'schema-texts');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /validators: 1 files are current/);
  });
  it('finds the schemas current, where the modules can be had', (context) => {
    const { status, stdout, stderr } = check('schemas');
    assert.equal(status, 0, stdout + stderr);
    const skipped = /schemas: skipped, (.*)/.exec(stderr);
    if (skipped) context.skip(`the schemas were not compared: ${skipped[1]}`);
    else assert.match(stdout, /schemas: \d+ files are current/);
  });
});
