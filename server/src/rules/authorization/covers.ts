// Whether one rule of a policy matches all that another does, as far as that shows without knowing any request.
import { matchesText } from '../../eval/authz/text-match.ts';
import type { AuthorizationRule, MatchField } from '../../model/specs.ts';

export function covers(wide: AuthorizationRule, narrow: AuthorizationRule): boolean {
  return (
    coversParts(wide.from, narrow.from) &&
    coversParts(wide.to, narrow.to) &&
    wide.when.every((condition) =>
      narrow.when.some(
        (other) =>
          other.key !== undefined &&
          other.key.value === condition.key?.value &&
          isWithin(values(other.values), values(condition.values)) &&
          isWithin(values(condition.notValues), values(other.notValues)),
      ),
    )
  );
}

type Part = AuthorizationRule['from'][number];

function coversParts(wide: readonly Part[], narrow: readonly Part[]): boolean {
  if (wide.length === 0) return true;
  return narrow.length > 0 && narrow.every((part) => wide.some((other) => coversFields(other.fields, part.fields)));
}

/** Every condition of the wide one must follow from one of the narrow one. */
function coversFields(wide: readonly MatchField[], narrow: readonly MatchField[]): boolean {
  return wide
    .filter((field) => field.values.length > 0)
    .every((field) =>
      narrow.some((other) => other.name === field.name && other.values.length > 0 && coversValues(field, other)),
    );
}

function coversValues({ name, values: wide }: MatchField, { values: narrow }: MatchField): boolean {
  if (/^not[A-Z]/.test(name)) return isWithin(values(wide), values(narrow));
  const asText = ['hosts', 'methods', 'paths', 'principals', 'requestPrincipals'].includes(name);
  return narrow.every((value) =>
    wide.some(
      (other) =>
        other.value === value.value ||
        (asText &&
          !value.value.includes('*') &&
          !value.value.includes('{') &&
          !other.value.includes('{') &&
          matchesText(other.value, value.value)),
    ),
  );
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 === all.length > 0 && some.every((value) => all.includes(value));
}

function values(fields: readonly { readonly value: string }[]): readonly string[] {
  return fields.map(({ value }) => value);
}
