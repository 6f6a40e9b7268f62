import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { parseFast, tryFast } from '../../../server/src/yaml/fast.ts';
import { parseFull } from '../../../server/src/yaml/full.ts';
import { parseHalfTyped } from '../../../server/src/yaml/half-typed.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';
import type { Plain } from '../../../server/src/yaml/plain.ts';
import { habits, manifests, render } from './render.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);

interface Slip {
  readonly at: number;
  readonly kind: 'insert' | 'delete' | 'line' | 'shift' | 'swap' | 'cut';
  readonly text: string;
}

const slips: fc.Arbitrary<Slip> = fc.record({
  at: fc.nat(100_000),
  kind: fc.constantFrom<Slip['kind']>('insert', 'insert', 'insert', 'delete', 'line', 'shift', 'swap', 'cut'),
  text: fc.constantFrom(
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    ':',
    ': ',
    '- ',
    '-',
    '#',
    ' # x',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
    '|-',
    '>+',
    '|2',
    '&a ',
    '*a',
    '!t ',
    '? ',
    '---',
    '...',
    '\n---\n',
    '\n...\n',
    '%',
    '@',
    '`',
    '\\',
    '\\n',
    '\uFEFF',
    'a',
    'key',
    'key: ',
    '<<: ',
    '~',
    '0x1F',
    '.5',
    '1e3',
    '\u2028',
    '\n  more\n',
    '\n    deep: 1\n',
    "''",
    '""',
    'null',
    ' :',
    ':a',
  ),
});

function slip(text: string, { at, kind, text: inserted }: Slip): string {
  const offset = at % (text.length + 1);
  if (kind === 'insert') return text.slice(0, offset) + inserted + text.slice(offset);
  if (kind === 'delete') return text.slice(0, offset) + text.slice(offset + inserted.length);
  if (kind === 'cut') return text.slice(0, offset);
  const lines = text.split('\n');
  const line = at % lines.length;
  if (kind === 'line') return lines.toSpliced(line, 0, ' '.repeat(at % 5) + inserted).join('\n');
  if (kind === 'shift')
    return lines.with(line, at % 2 ? ` ${lines[line]!}` : lines[line]!.replace(/^ /, '')).join('\n');
  return lines
    .toSpliced(line, 1)
    .toSpliced((at * 7) % lines.length, 0, lines[line]!)
    .join('\n');
}

test('both lanes read random documents alike, and the fast lane reads most that are well-formed', () => {
  let [read, all] = [0, 0];
  fc.assert(
    fc.property(manifests, habits, (value, how) => {
      const text = render(value, how);
      const fast = parseFast(text);
      all++;
      if (!fast) return;
      read++;
      assert.deepEqual(fast, parseFull(text), text);
    }),
    { numRuns: RUNS },
  );
  assert.ok(read > all * 0.8, `${read} of ${all} were read by the fast lane`);
});

test('both lanes read documents with slips in them alike', () => {
  fc.assert(
    fc.property(manifests, habits, fc.array(slips, { minLength: 1, maxLength: 4 }), (value, how, made) => {
      const text = made.reduce(slip, render(value, how));
      const fast = parseFast(text);
      if (fast) assert.deepEqual(fast, parseFull(text), text);
    }),
    { numRuns: RUNS * 2 },
  );
});

const PIECES = [
  'a',
  'b',
  'a:',
  'b:',
  ' ',
  '  ',
  '\n',
  '\n',
  '\n  ',
  '\n    ',
  '\n',
  '- ',
  '-',
  ': ',
  '"',
  "'",
  '"q"',
  "'s'",
  '[',
  ']',
  '{',
  '}',
  ',',
  ', ',
  '#',
  ' # c',
  '|',
  '>',
  '|-',
  '|+',
  '>-',
  '\n\n',
  '\r\n',
  '\t',
  '---',
  '...',
  '1',
  '~',
  '.',
  '*',
  '&',
  '!',
  '? ',
  '\\',
  '<<',
  'x y',
  '\uFEFF',
  '%',
];

test('both lanes read any heap of pieces alike', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      const fast = parseFast(text);
      if (fast) {
        read++;
        assert.deepEqual(fast, parseFull(text), JSON.stringify(text));
      }
    }),
    { numRuns: RUNS * 10 },
  );
  assert.ok(read > RUNS / 4, `only ${read} were read by the fast lane`);
});

test('a key without its colon is only seen where the text is broken, and loses nothing', () => {
  let quick = 0;
  fc.assert(
    fc.property(manifests, habits, fc.nat(100_000), fc.nat(3), fc.boolean(), (value, how, at, extra, atEnd) => {
      const lines = render(value, how).split('\n');
      const line = at % lines.length;
      const columns = lines[line]!.search(/\S|$/) + (extra === 3 ? 2 : 0);
      const typed = `${' '.repeat(columns)}reso`;
      const text = (atEnd ? [...lines.slice(0, line + 1), typed] : lines.toSpliced(line, 0, typed)).join('\n');
      const { document, stoppedAt } = tryFast(text);
      if (document) return;
      const half = parseHalfTyped(text, stoppedAt);
      if (!half) return;
      quick++;
      assert.notDeepEqual(parseFull(text).errors, [], text);
      assert.equal(half.errors.length, 1);
      const { start, end } = half.errors[0]!.span;
      assert.equal(text.slice(start, end), 'reso');
      assert.deepEqual(half.root && toPlain(half.root), valueOf(`${text.slice(0, end)}:${text.slice(end)}`), text);
    }),
    { numRuns: RUNS * 2 },
  );
  assert.ok(quick > RUNS / 4, `only ${quick} were read by the fast lane`);
});

function valueOf(text: string): Plain | undefined {
  const { root } = parseFull(text);
  return root && toPlain(root);
}
