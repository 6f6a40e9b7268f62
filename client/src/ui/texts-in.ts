import { isRecord } from '../../../server/src/base/is-record.ts';

/** These fields of what code passed to a command; undefined unless each is a text. */
export function textsIn<Name extends string>(
  given: unknown,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> | undefined {
  if (!isRecord(given)) return undefined;
  const texts = names.map((name) => [name, given[name]] as const);
  return texts.every(([, value]) => typeof value === 'string')
    ? (Object.fromEntries(texts) as Record<Name, string>)
    : undefined;
}
