// Our prose about fields, in `schemas/docs/`. A sentence is written once for a part that occurs in many places: its key is the
// end of a path (`tls.mode`), and the longest key that a path ends with is the one that counts.
import type { FieldPath } from '../base/field-path.ts';
import { schemaAt } from './tree.ts';
import { docTexts } from './texts.gen.ts';

/** A label or annotation that Istio reads. */
export interface Setting {
  readonly doc: string;
  readonly values?: readonly string[];
  /** Kinds that it means something on; absent for any. */
  readonly kinds?: readonly string[];
  readonly since?: string;
}

const read = new Map<string, unknown>();

function docFile<T>(name: string): Readonly<Record<string, T>> {
  if (!read.has(name)) read.set(name, JSON.parse(docTexts[name] ?? '{}'));
  return read.get(name) as Readonly<Record<string, T>>;
}

/** The sentence for a path of names, if there is one. */
export function docOf(schema: string, names: readonly string[]): string | undefined {
  return longest(docFile<string>(fileOf(schema)), names) ?? longest(docFile<string>('common'), names);
}

function longest(docs: Readonly<Record<string, string>>, names: readonly string[]): string | undefined {
  for (let from = 0; from < names.length; from++) {
    const key = names.slice(from).join('.');
    if (Object.hasOwn(docs, key)) return docs[key];
  }
  return undefined;
}

/** A path in the form of the keys: items of lists have no step, and a free key of a map is `*`. */
export function namesOf(schema: string, path: FieldPath): readonly string[] {
  return path.flatMap((step, index) => {
    if (typeof step === 'number') return [];
    const fields = schemaAt(schema, path.slice(0, index))?.properties;
    return [fields && Object.hasOwn(fields, step) ? step : '*'];
  });
}

/** `istio/Gateway` differs from the Gateway API's Gateway; versions of one kind share their documentation. */
function fileOf(schema: string): string {
  const kind = schema.slice(schema.indexOf('/') + 1).replace(/\..*$/, '');
  return schema === 'istio/Gateway' ? 'IstioGateway' : kind;
}

/** Istio's labels or annotations that mean something on a kind. */
export function settingsOf(where: 'labels' | 'annotations', kind: string): Readonly<Record<string, Setting>> {
  const all = Object.entries(docFile<Setting>(where));
  return Object.fromEntries(all.filter(([, { kinds }]) => kinds === undefined || kinds.includes(kind)));
}
