// The keys that can stand at a place, from the schema of the target version.
import type { FieldPath } from '../../base/field-path.ts';
import { isClusterScoped, kindOf } from '../../model/kind-of.ts';
import { isNewer } from '../../schema/catalogue.ts';
import { fieldsAt, type FieldEntry } from '../../schema/describe.ts';
import { deprecatedInstead } from '../../schema/deprecated-fields.ts';
import { excludedBy } from './excluded-keys.ts';
import { shapeOf, type Shape } from './shape.ts';
import { usualOrder } from './usual-fields.ts';

export interface KeyChoice {
  readonly key: string;
  /** Type, version and reason not to take it, in a few words. */
  readonly detail: string;
  readonly shape: Shape;
  readonly isDeprecated: boolean;
}

export interface KeyPlace {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: FieldPath;
  readonly beside: readonly string[];
  /** Target minor of Istio. */
  readonly istioVersion: string;
}

/** Required ones first, then the usual, then the rest, then what cannot go with what is there, is too new, or deprecated. */
export function keysAt(place: KeyPlace): readonly KeyChoice[] {
  const where = place.path.filter((step) => typeof step === 'string').join('.');
  return fieldsAt(place.apiVersion, place.kind, place.path)
    .filter(
      ({ name }) =>
        !place.beside.includes(name) && !(where === 'metadata' && name === 'namespace' && isInNoNamespace(place)),
    )
    .map((field) => rated(field, where, place))
    .sort((a, b) => a.rank - b.rank || a.order - b.order || (a.choice.key < b.choice.key ? -1 : 1))
    .map(({ choice }) => choice);
}

function isInNoNamespace({ apiVersion, kind }: KeyPlace): boolean {
  const read = kindOf(apiVersion, kind);
  return read !== undefined && isClusterScoped(read);
}

interface Rated {
  readonly rank: number;
  readonly order: number;
  readonly choice: KeyChoice;
}

function rated(field: FieldEntry, where: string, { kind, beside, istioVersion }: KeyPlace): Rated {
  const other = excludedBy(kind, where, field.name, beside);
  const instead = deprecatedInstead(kind, where, field.name);
  const isLater = field.since !== undefined && isNewer(field.since, istioVersion);
  const facts = [
    field.type,
    field.required ? 'required' : '',
    field.since === undefined ? '' : `since Istio ${field.since}`,
    field.gatewayApiSince === undefined ? '' : `since Gateway API ${field.gatewayApiSince}`,
    field.experimental ? 'experimental' : '',
    instead === undefined ? '' : `deprecated: use ${instead}`,
    other === undefined ? '' : `not beside ${other}`,
  ];
  const order = usualOrder(kind, where, field.name);
  const choice: KeyChoice = {
    key: field.name,
    detail: facts.filter((fact) => fact !== '').join(', '),
    shape: shapeOf(field.type),
    isDeprecated: instead !== undefined,
  };
  return { rank: rankOf(field, order, { other, instead, isLater }), order, choice };
}

function rankOf(
  field: FieldEntry,
  order: number,
  against: { readonly other: string | undefined; readonly instead: string | undefined; readonly isLater: boolean },
): number {
  if (against.instead !== undefined) return 5;
  if (against.other !== undefined) return 4;
  if (against.isLater || field.experimental) return 3;
  if (field.required) return 0;
  return order < 99 ? 1 : 2;
}
