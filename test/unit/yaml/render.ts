// Writes random values as YAML in random habits, apart from the product's own printer.
import { fc } from '../../kit/fast-check.ts';
import type { Plain } from '../../../server/src/yaml/plain.ts';

/** Every choice that YAML leaves to its writer. */
export interface Habits {
  readonly indent: number;
  readonly dash: number;
  readonly quote: '"' | "'";
  readonly newline: '\n' | '\r\n';
  readonly marker: '' | '---' | '--- # start' | '# head';
  readonly finalNewline: boolean;
  /** Consumed in order by the choices that each value makes. */
  readonly dice: readonly number[];
}

export const habits: fc.Arbitrary<Habits> = fc.record({
  indent: fc.constantFrom(2, 4, 3, 1),
  dash: fc.constantFrom(0, 2, 4),
  quote: fc.constantFrom('"', "'"),
  newline: fc.constantFrom('\n', '\n', '\r\n'),
  marker: fc.constantFrom('', '---', '--- # start', '# head'),
  finalNewline: fc.boolean(),
  dice: fc.array(fc.nat(99), { minLength: 40, maxLength: 40 }),
});

const word = fc.constantFrom(
  'hosts',
  'ports',
  'name',
  'mode',
  'tls',
  'a',
  'b',
  'x-y',
  'app.kubernetes.io/name',
  'number',
  'spec',
);
const scalar = fc.oneof(
  fc.constantFrom<Plain>(
    'SIMPLE',
    'httpbin.org',
    '*.example.com',
    'a: b',
    '',
    'yes',
    '80',
    "it's",
    'say "hi"',
    '# no',
    'two\nlines\n',
    'one\ntwo',
    '{{ x }}',
    ' lead',
    '- dash',
    'é☃𝄞',
    '~',
    'a #b',
    'C:\\x',
    '@at',
    '10s',
    '1.5',
    '0x1f',
    '2001-01-01',
  ),
  fc.string({ maxLength: 12 }),
  fc.integer({ min: -10, max: 70000 }),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const values: fc.Arbitrary<Plain> = fc.letrec<{ node: Plain }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.dictionary(word, tie('node'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('node'), { maxLength: 4 }),
  ),
})).node;

export const manifests: fc.Arbitrary<Plain> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.dictionary(word, values, {
      minKeys: 1,
      maxKeys: 5,
      noNullPrototype: true,
    }) as fc.Arbitrary<Plain>,
  },
  { weight: 1, arbitrary: values },
);

/** The text of a document with `value`; each comment in it is different. */
export function render(value: Plain, how: Habits): string {
  const pen: Pen = { how, at: 0, comments: 0 };
  const lines = [...(how.marker ? [how.marker] : []), ...blockLines(pen, value)];
  const text = lines.join(how.newline);
  return how.finalNewline ? text + how.newline : text;
}

interface Pen {
  readonly how: Habits;
  at: number;
  comments: number;
}

/** True in about `percent` of the cases. */
function roll(pen: Pen, percent: number): boolean {
  return pen.how.dice[pen.at++ % pen.how.dice.length]! < percent;
}

function comment(pen: Pen): string {
  return `# c${pen.comments++}.`;
}

function blockLines(pen: Pen, value: Plain): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => decorated(pen, itemLines(pen, item)));
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([key, inner]) => decorated(pen, entryLines(pen, key, inner)));
  return [flow(pen, value)];
}

function decorated(pen: Pen, lines: string[]): string[] {
  if (roll(pen, 12)) return [comment(pen), ...lines];
  return roll(pen, 5) ? ['', ...lines] : lines;
}

function trailing(pen: Pen): string {
  return roll(pen, 15) ? ` ${comment(pen)}` : '';
}

function isCollection(value: Plain): value is Plain[] | { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function itemLines(pen: Pen, item: Plain): string[] {
  if (typeof item === 'string' && isText(item) && roll(pen, 70)) return literal(pen, '- ', item, 2);
  if (!isCollection(item) || roll(pen, 25))
    return [item === null && roll(pen, 50) ? `-${trailing(pen)}` : `- ${flow(pen, item)}${trailing(pen)}`];
  const lines = blockLines(pen, item);
  if (lines[0]!.trim() === '' || roll(pen, 10)) return [`-${trailing(pen)}`, ...indent(lines, 2)];
  return [`- ${lines[0]}`, ...indent(lines.slice(1), 2)];
}

function entryLines(pen: Pen, key: string, value: Plain): string[] {
  const name = roll(pen, 10) ? quoted(pen, key) : key;
  if (typeof value === 'string' && isText(value) && roll(pen, 70))
    return literal(pen, `${name}: `, value, pen.how.indent);
  if (!isCollection(value) || roll(pen, 25))
    return [
      value === null && roll(pen, 50) ? `${name}:${trailing(pen)}` : `${name}: ${flow(pen, value)}${trailing(pen)}`,
    ];
  return [
    `${name}:${trailing(pen)}`,
    ...indent(blockLines(pen, value), Array.isArray(value) ? pen.how.dash : pen.how.indent),
  ];
}

function isText(value: string): boolean {
  return /^[\x21-\x7e].*\n/.test(value) && /^[\x20-\x7e\n]*$/.test(value) && !/\n\n$| \n| $/.test(value);
}

function literal(pen: Pen, head: string, value: string, columns: number): string[] {
  return [
    `${head}${value.endsWith('\n') ? '|' : '|-'}${trailing(pen)}`,
    ...indent(value.replace(/\n$/, '').split('\n'), columns),
  ];
}

function indent(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}

function flow(pen: Pen, value: Plain): string {
  if (Array.isArray(value))
    return `[${value.map((item) => flow(pen, item)).join(', ')}${value.length > 0 && roll(pen, 5) ? ',' : ''}]`;
  if (typeof value === 'object' && value !== null) {
    const pad = roll(pen, 40) ? ' ' : '';
    const entries = Object.entries(value).map(
      ([key, inner]) => `${roll(pen, 20) ? quoted(pen, key) : key}: ${flow(pen, inner)}`,
    );
    return entries.length === 0 ? '{}' : `{${pad}${entries.join(', ')}${pad}}`;
  }
  if (typeof value !== 'string') return Object.is(value, -0) ? '-0' : String(value);
  return /^[A-Za-z*][\w.-]*$/.test(value) && !/^\*|^(?:null|true|false)$/i.test(value) && roll(pen, 70)
    ? value
    : quoted(pen, value);
}

function quoted(pen: Pen, value: string): string {
  const single = pen.how.quote === "'" && /^[\x20-\x7e]*$/.test(value);
  return single
    ? `'${value.replaceAll("'", "''")}'`
    : JSON.stringify(value).replace(
        /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
}
