// A template as text, with its places filled in, and as a snippet in which an editor fills them in.
import { printFlow } from '../../yaml/print.ts';
import { DEFAULT_STYLE } from '../../yaml/style.ts';
import { isPlaceName, places, type PlaceName } from './places.ts';
import type { Template } from './template.ts';

export type Values = Readonly<Partial<Record<PlaceName, string>>>;

/** A place alone is printed as a string (`"123"`), a part of a longer word as it is. */
const anyPlace = /(?<lead>(?:: |- ))?\{(?<place>\w+)\}(?<end>$)?/gm;

/** The value of a place: a given one, else one that follows from a given one, else the template's or the usual one. */
export function valueOf(template: Template, place: PlaceName, given: Values): string {
  const own = given[place];
  if (own !== undefined) return own;
  const leading = given[template.namedAfter];
  if (place === 'name' && leading !== undefined) return nameFrom(leading);
  return template.values?.[place] ?? places[place].usual;
}

/** A name of an object that says which host it is about: `*.wikipedia.org` gives `wikipedia-org`. */
function nameFrom(value: string): string {
  return value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}

export function fillIn(template: Template, given: Values): string {
  return template.body.replace(anyPlace, (...match) => {
    const { lead = '', place = '', end } = match.at(-1) as Readonly<Record<string, string | undefined>>;
    if (!isPlaceName(place)) return String(match[0]);
    const value = valueOf(template, place, given);
    const isWhole = lead !== '' && end !== undefined && places[place].takes !== 'number';
    return `${lead}${isWhole ? printFlow(value, DEFAULT_STYLE) : value}`;
  });
}

/** The syntax of snippets of LSP and VS Code; `choices` are offered where there is more than one. */
export function asSnippet(
  template: Template,
  given: Values = {},
  choices: Readonly<Partial<Record<PlaceName, readonly string[]>>> = {},
): string {
  const order: PlaceName[] = [];
  const stop = (place: PlaceName): string => {
    const at = order.indexOf(place) + 1;
    if (at > 0) return `$${at}`;
    order.push(place);
    const value = valueOf(template, place, given);
    const others = (choices[place] ?? []).filter((choice) => choice !== value);
    if (others.length === 0) return `\${${order.length}:${escaped(value, /[\\$}]/g)}}`;
    return `\${${order.length}|${[value, ...others].map((choice) => escaped(choice, /[\\$},|]/g)).join(',')}|}`;
  };
  const text = escaped(template.body, /[\\$]/g).replace(/\{(\w+)\}/g, (whole: string, place: string) =>
    isPlaceName(place) ? stop(place) : whole,
  );
  return `${text}$0`;
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (char) => `\\${char}`);
}
