// The rules of a policy that allow some requests: accounts that did the same share a rule.
import type { Plain, PlainMap } from '../../yaml/plain.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Flow } from './flows.ts';
import { pathPatterns, type PathPattern } from './paths.ts';

export interface LearnedRule {
  readonly rule: Plain;
  /** How often and when the log has it, and what is wider than the log. */
  readonly comments: readonly string[];
}

/** More paths of one account and method are written as prefixes. */
const mostPaths = 8;

/** `isListed`: the entry has the host itself and no wildcard for it. All flows have a client. */
export function rulesFor(flows: readonly Flow[], isListed: boolean): readonly LearnedRule[] {
  const perAccount = [...groupBy(flows, ({ clientText }) => clientText)].flatMap(([account, all]) =>
    [httpPart(all, isListed), bytesPart(all)].flatMap((part) => (part ? [{ account, ...part }] : [])),
  );
  const alike = groupBy(perAccount, ({ operations }) => JSON.stringify(operations));
  return [...alike.values()].map((parts) => ({
    rule: {
      from: [{ source: { serviceAccounts: parts.map(({ account }) => account).toSorted() } }],
      to: parts[0].operations.map((operation) => ({ operation })),
    },
    comments: [sumOf(parts.flatMap(({ of }) => of)), ...widened(parts.flatMap(({ wider }) => wider))],
  }));
}

interface Part {
  readonly operations: readonly PlainMap[];
  readonly wider: readonly PathPattern[];
  readonly of: readonly Flow[];
}

/** Methods with the same paths are one operation. */
function httpPart(all: readonly Flow[], isListed: boolean): Part | undefined {
  const of = all.filter(({ protocol }) => protocol === 'HTTP');
  if (of.length === 0) return undefined;
  const wider: PathPattern[] = [];
  const single = [...groupBy(of, ({ port, host, method }) => JSON.stringify([port, host, method]))].map(([, same]) => {
    const { port, host, method } = same[0];
    const paths = same.flatMap(({ path }) => path ?? []);
    const patterns = paths.length === same.length ? pathPatterns(paths, mostPaths) : [];
    wider.push(...patterns.filter(({ isWider }) => isWider));
    return { method: method!, port, host, paths: patterns.map(({ value }) => value) };
  });
  const alike = groupBy(single, ({ port, host, paths }) => JSON.stringify([port, host, paths]));
  const operations = [...alike.values()].map((same): PlainMap => {
    const { port, host, paths } = same[0];
    return {
      ...(isListed || host === undefined ? {} : { hosts: [host, `${host}:*`] }),
      methods: same.map(({ method }) => method).toSorted(),
      ...(paths.length > 0 ? { paths } : {}),
      ports: [String(port)],
    };
  });
  return { operations, wider, of };
}

/** Without a method or path: a rule that has any is not used for bytes. */
function bytesPart(all: readonly Flow[]): Part | undefined {
  const of = all.filter(({ protocol }) => protocol !== 'HTTP');
  if (of.length === 0) return undefined;
  const ports = [...new Set(of.map(({ port }) => port))].toSorted((a, b) => a - b).map(String);
  return { operations: [{ ports }], wider: [], of };
}

/** `120 requests, 2026-03-01T02:48:20Z to 2026-03-02T10:00:00Z`. */
export function sumOf(flows: readonly Flow[]): string {
  const count = flows.reduce((sum, one) => sum + one.count, 0);
  const times = flows.flatMap(({ first, last }) => [first, last]).filter((time) => time !== undefined);
  const ends = [...new Set([times.toSorted().at(0), times.toSorted().at(-1)])].filter((time) => time !== undefined);
  const span = ends.length === 0 ? '' : `, ${ends.join(' to ')}`;
  return `${count} ${count === 1 ? 'request' : 'requests'}${span}`;
}

function widened(wider: readonly PathPattern[]): readonly string[] {
  const byValue = groupBy(wider, ({ value }) => value);
  return [...byValue].map(([value, patterns]) => {
    const stands = Math.max(...patterns.map((one) => one.stands));
    return `Widened: ${value} stands for ${stands} ${stands === 1 ? 'path' : 'paths'} of the log`;
  });
}
