// A baseline: findings that a team has accepted for now. An entry names the finding by rule, resource and field, so that it
// stays valid when lines move and files are renamed. Each entry matches one finding; a second one of the same kind is new.
import { nearest } from '../base/nearest.ts';
import type { Span } from '../base/span.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

export interface BaselineEntry {
  readonly rule: string;
  /** Below the baseline's folder, with `/`. */
  readonly file: string;
  /** `Kind namespace/name`; empty for what belongs to no resource. */
  readonly resource: string;
  /** From the resource; empty for the whole of it. */
  readonly field: string;
}

export interface BaselineError {
  readonly message: string;
  readonly span: Span;
}

const keys = ['rule', 'file', 'resource', 'field'] as const;

/** Never throws. */
export function readBaseline(text: string): {
  readonly entries: readonly BaselineEntry[];
  readonly errors: readonly BaselineError[];
} {
  const tree = parseDocument(text);
  const errors: BaselineError[] = tree.errors.map(({ message, span }) => ({ message, span }));
  const complain: Complain = ({ span }, message) => void errors.push({ message, span });
  if (errors.length > 0) return { entries: [], errors };
  const root = tree.root;
  if (root?.kind !== 'map') {
    complain(
      root ?? { span: { start: 0, end: 0 } },
      'This is not a baseline file: expected `version` and `findings`. Create one with `istio-egress check --write-baseline FILE`.',
    );
    return { entries: [], errors };
  }
  const known = readKeys(root, ['version', 'findings'], complain);
  const version = known.get('version');
  if (version?.kind !== 'scalar' || version.value !== 1) complain(version ?? root, 'Expected `version: 1`.');
  const list = known.get('findings');
  if (list?.kind !== 'seq') complain(list ?? root, 'Expected a list of `findings`.');
  return { entries: list?.kind === 'seq' ? list.items.flatMap((item) => readEntry(item, complain) ?? []) : [], errors };
}

type Complain = (at: { readonly span: Span }, message: string) => void;

function readEntry(item: YamlNode, complain: Complain): BaselineEntry | undefined {
  if (item.kind !== 'map') {
    complain(item, `Expected a finding with ${keys.map((key) => `\`${key}\``).join(', ')}.`);
    return undefined;
  }
  const found = readKeys(item, keys, complain);
  const [rule, file, resource, field] = keys.map((key) => {
    const value = textIn(found, key);
    if (value === undefined) complain(found.get(key) ?? item, `Expected a string for \`${key}\`.`);
    return value;
  });
  return rule === undefined || file === undefined || resource === undefined || field === undefined
    ? undefined
    : { rule, file, resource, field };
}

/** What is not said of the resource and the field is empty. */
function textIn(found: ReadonlyMap<string, YamlNode>, key: (typeof keys)[number]): string | undefined {
  const value = found.get(key);
  if (value === undefined) return key === 'resource' || key === 'field' ? '' : undefined;
  return value.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

function readKeys(map: YamlMap, expected: readonly string[], complain: Complain): ReadonlyMap<string, YamlNode> {
  return new Map(
    map.entries.flatMap(({ key, value }): [string, YamlNode][] => {
      const name = String(key.value);
      if (expected.includes(name)) return [[name, value]];
      const near = nearest(name, expected);
      complain(key, `\`${name}\` is not a known key.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`);
      return [];
    }),
  );
}

/** One finding a line, in an order of its own, so that changes of the file read well. */
export function baselineText(entries: readonly BaselineEntry[]): string {
  const lines = entries
    .map(({ rule, file, resource, field }) => `    ${JSON.stringify({ rule, file, resource, field })}`)
    .sort();
  return `{\n  "version": 1,\n  "findings": [${lines.length > 0 ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`;
}

/** The finding in `found` that each entry matches, by index, and the entries that match none. Entries of the same file come first, because resources move. */
export function matchBaseline(
  entries: readonly BaselineEntry[],
  found: readonly BaselineEntry[],
): { readonly known: ReadonlySet<number>; readonly unused: readonly BaselineEntry[] } {
  const known = new Set<number>();
  const take = (
    left: readonly BaselineEntry[],
    identity: (entry: BaselineEntry) => string | undefined,
  ): readonly BaselineEntry[] => {
    const open = new Map<string, number[]>();
    found.forEach((entry, i) => {
      const id = known.has(i) ? undefined : identity(entry);
      if (id !== undefined) open.set(id, [...(open.get(id) ?? []), i]);
    });
    return left.filter((entry) => {
      const id = identity(entry);
      const index = id === undefined ? undefined : open.get(id)?.shift();
      if (index !== undefined) known.add(index);
      return index === undefined;
    });
  };
  const moved = take(entries, ({ rule, file, resource, field }) => JSON.stringify([rule, resource, field, file]));
  // What belongs to no resource is known by its file only.
  const unused = take(moved, ({ rule, resource, field }) =>
    resource === '' ? undefined : JSON.stringify([rule, resource, field]),
  );
  return { known, unused };
}
