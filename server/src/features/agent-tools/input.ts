// What an agent gives to a tool, checked against the tool's input: agents invent names and types.
import { isRecord } from '../../base/is-record.ts';
import type { InputSchema } from './tools.ts';

export interface ToolInput {
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[] | undefined;
  readonly pairs: (name: string) => Readonly<Record<string, string>> | undefined;
}

/** An empty text is what an agent writes where it has nothing to say. */
export function readInput(
  { properties, required }: Pick<InputSchema, 'properties' | 'required'>,
  given: unknown = {},
): ToolInput | { readonly problem: string } {
  if (!isRecord(given)) return { problem: 'The input must be an object.' };
  const values = new Map(Object.entries(given).filter(([, value]) => value !== null && value !== ''));
  for (const [name, value] of values) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!property) return { problem: `There is no "${name}": use ${Object.keys(properties).join(', ')}.` };
    if (!fits(value, property.type)) return { problem: `"${name}" must be ${wordsOf[property.type]}.` };
  }
  const missing = required.find((name) => !values.has(name));
  if (missing !== undefined) return { problem: `"${missing}" is missing: ${properties[missing]?.description ?? ''}` };
  return {
    text: (name) => asText(values.get(name)),
    texts: (name) => asTexts(values.get(name)),
    pairs: (name) => asPairs(values.get(name)),
  };
}

const wordsOf = { string: 'a string', array: 'a list of strings', object: 'an object of strings' } as const;

function fits(value: unknown, type: keyof typeof wordsOf): boolean {
  if (type === 'string') return asText(value) !== undefined;
  return type === 'array' ? asTexts(value) !== undefined : asPairs(value) !== undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

function asPairs(value: unknown): Readonly<Record<string, string>> | undefined {
  return isRecord(value) && areTexts(value) ? value : undefined;
}

function areTexts(value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, string>> {
  return Object.values(value).every((one) => typeof one === 'string');
}
