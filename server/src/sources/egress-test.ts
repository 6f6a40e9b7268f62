// `*.egress-test.yaml`: expected results of requests. An error in a case is reported at its position and does not affect other cases.
import { nearest } from '../base/nearest.ts';
import { shift, type Span } from '../base/span.ts';
import type { Field } from '../model/field.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

export const expectations = ['allowed', 'denied', 'fails', 'bypasses'] as const;
export type Expectation = (typeof expectations)[number];
export const tlsModes = ['SIMPLE', 'MUTUAL', 'none'] as const;

/** Spans count from the start of the file. */
export interface EgressTestCase {
  readonly span: Span;
  readonly name: string | undefined;
  /** `NAMESPACE` or `NAMESPACE/SERVICEACCOUNT`. */
  readonly from: Field<string>;
  /** Of the client's pod. */
  readonly labels: Readonly<Record<string, string>>;
  readonly url: Field<string>;
  readonly method: Field<string> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: Field<Expectation>;
  /** `NAMESPACE/NAME` of a waypoint, or `direct`. */
  readonly via: Field<string> | undefined;
  /** What is originated towards the host. */
  readonly tls: Field<(typeof tlsModes)[number]> | undefined;
  /** Server name that is sent to the host. */
  readonly sni: Field<string> | undefined;
}

export interface EgressTestFile {
  readonly cases: readonly EgressTestCase[];
  readonly errors: readonly { readonly message: string; readonly span: Span }[];
}

/** True for a file's name or path. */
export function isEgressTestName(path: string): boolean {
  return /\.egress-test\.ya?ml$/i.test(path);
}

type Complain = (at: { readonly span: Span }, message: string) => void;

/** Never throws. */
export function readEgressTests(text: string): EgressTestFile {
  const errors: { message: string; span: Span }[] = [];
  const cases = splitDocuments(text).flatMap(({ start, text: chunk }) => {
    const tree = parseDocument(chunk);
    const complain: Complain = ({ span }, message) => errors.push({ message, span: shift(span, start) });
    for (const error of tree.errors) complain(error, error.message);
    if (!tree.root || isNull(tree.root)) return [];
    if (tree.root.kind !== 'seq') {
      if (tree.errors.length === 0)
        complain(tree.root, 'Expected a list of cases, each with `from`, `request` and `expect`.');
      return [];
    }
    return tree.root.items.flatMap((item) => {
      const read = readCase(item, complain);
      return read ? [placed(read, start)] : [];
    });
  });
  return { cases, errors: firstErrors(errors) };
}

/** With the one that counts the others, as many as an editor is given for a file. */
const mostErrors = 999;

/** Of more the first, and behind them how many there are. */
function firstErrors(errors: EgressTestFile['errors']): EgressTestFile['errors'] {
  const next = errors[mostErrors];
  if (!next) return errors;
  const rest = { message: `${errors.length - mostErrors} more errors of this file are not listed.`, span: next.span };
  return [...errors.slice(0, mostErrors), rest];
}

const keys = ['name', 'from', 'labels', 'request', 'expect', 'via', 'tls', 'sni'];

function readCase(item: YamlNode, complain: Complain): EgressTestCase | undefined {
  if (item.kind !== 'map') {
    complain(item, 'Expected a case with `from`, `request` and `expect`.');
    return undefined;
  }
  rejectOthers(item, keys, complain);
  const from = needed(item, 'from', complain, (entry) =>
    matching(entry, /^[^/\s]+(\/[^/\s]+)?$/, '`NAMESPACE` or `NAMESPACE/SERVICEACCOUNT`', complain),
  );
  const expect = needed(item, 'expect', complain, (entry) => oneOf(entry, expectations, complain));
  const request = needed(item, 'request', complain, (entry) => readRequest(entry, complain));
  const optional = <T>(key: string, read: (entry: YamlEntry) => T | undefined): T | undefined => {
    const entry = entryOf(item, key);
    return entry && !isNull(entry.value) ? read(entry) : undefined;
  };
  const labels =
    optional('labels', (entry) => readTexts(entry, 'labels with values, such as `app: curl`', complain)) ?? {};
  const name = optional('name', (entry) => text(entry, complain))?.value;
  const via = optional('via', (entry) =>
    matching(
      entry,
      /^(direct|sidecar|(gateway )?[^/\s]+\/[^/\s]+)$/,
      '`direct`, `sidecar`, the `NAMESPACE/NAME` of a waypoint, or `gateway NAMESPACE/NAME` with the Service of an egress gateway',
      complain,
    ),
  );
  const tls = optional('tls', (entry) => oneOf(entry, tlsModes, complain));
  const sni = optional('sni', (entry) => text(entry, complain));
  return from && expect && request
    ? { span: item.span, name, from, labels, expect, via, tls, sni, ...request }
    : undefined;
}

function readRequest(
  entry: YamlEntry,
  complain: Complain,
): Pick<EgressTestCase, 'url' | 'method' | 'headers'> | undefined {
  if (entry.value.kind !== 'map') {
    const url = text(entry, complain, 'a URL, or `url` with `method` and `headers`');
    return url && { url, method: undefined, headers: {} };
  }
  rejectOthers(entry.value, ['url', 'method', 'headers'], complain);
  const url = needed(entry.value, 'url', complain, (one) => text(one, complain, 'a URL'));
  const method = entryOf(entry.value, 'method');
  const headers = entryOf(entry.value, 'headers');
  return (
    url && {
      url,
      method: method && text(method, complain),
      headers: headers ? readTexts(headers, 'headers with values, such as `x-team: red`', complain) : {},
    }
  );
}

function readTexts({ value }: YamlEntry, what: string, complain: Complain): Record<string, string> {
  if (value.kind !== 'map') {
    complain(value, `Expected ${what}.`);
    return {};
  }
  return Object.fromEntries(
    value.entries.flatMap((entry): [string, string][] => {
      // `x-debug: 1` is a number to YAML; headers and labels are text.
      if (entry.value.kind === 'scalar' && entry.value.value !== null)
        return [[String(entry.key.value), String(entry.value.value)]];
      complain(entry.value, 'Expected a string.');
      return [];
    }),
  );
}

function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key.value === key);
}

function needed<T>(
  map: YamlMap,
  key: string,
  complain: Complain,
  read: (entry: YamlEntry) => T | undefined,
): T | undefined {
  const entry = entryOf(map, key);
  if (entry) return read(entry);
  complain(
    { span: { start: map.span.start, end: map.entries[0]?.key.span.end ?? map.span.end } },
    `\`${key}\` is missing.`,
  );
  return undefined;
}

function rejectOthers(map: YamlMap, known: readonly string[], complain: Complain): void {
  for (const { key } of map.entries) {
    if (known.includes(String(key.value))) continue;
    const near = nearest(String(key.value), known);
    complain(
      key,
      `\`${String(key.value)}\` is not a known key.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
    );
  }
}

function text({ key, value }: YamlEntry, complain: Complain, what = 'a string'): Field<string> | undefined {
  if (value.kind === 'scalar' && typeof value.value === 'string' && value.value !== '')
    return { value: value.value, span: value.span, key: key.span };
  complain(isNull(value) ? key : value, `Expected ${what}.`);
  return undefined;
}

function matching(entry: YamlEntry, pattern: RegExp, what: string, complain: Complain): Field<string> | undefined {
  const field = text(entry, complain, what);
  if (!field || pattern.test(field.value)) return field;
  complain(entry.value, `Expected ${what}.`);
  return undefined;
}

function oneOf<T extends string>(entry: YamlEntry, choices: readonly T[], complain: Complain): Field<T> | undefined {
  const written = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  const choice = choices.find((one) => one === written);
  if (choice !== undefined) return { value: choice, span: entry.value.span, key: entry.key.span };
  const near = typeof written === 'string' ? nearest(written, choices) : undefined;
  complain(
    isNull(entry.value) ? entry.key : entry.value,
    `Expected ${choices.join(', ')}.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
  );
  return undefined;
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Out of the document, into the file. */
function placed(read: EgressTestCase, by: number): EgressTestCase {
  const moved = <T>(field: Field<T>): Field<T> => ({
    value: field.value,
    span: shift(field.span, by),
    key: shift(field.key, by),
  });
  return {
    ...read,
    span: shift(read.span, by),
    from: moved(read.from),
    url: moved(read.url),
    expect: moved(read.expect),
    method: read.method && moved(read.method),
    via: read.via && moved(read.via),
    tls: read.tls && moved(read.tls),
    sni: read.sni && moved(read.sni),
  };
}
