// How findings speak of several resources: by name while they are few.
import { describe, type Resource } from '../../model/resource.ts';
import { firstRelated, mostRelated } from '../../base/and-more.ts';
import type { Related } from '../rule.ts';

const named = 3;

/** `A`, `A and B`, `A, B, C and 4 more`. */
export function listOf(resources: readonly Pick<Resource, 'written' | 'namespace' | 'name'>[]): string {
  const names = resources.slice(0, named).map(describe);
  const rest = resources.length - names.length;
  if (rest > 0) return `${names.join(', ')} and ${rest} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Each at its name, as far as places are listed. */
export function relatedTo(resources: readonly Resource[], message: (name: string) => string): readonly Related[] {
  return relatedPlaces(resources, (resource) => ({
    resource,
    at: resource.at.name,
    message: message(describe(resource)),
  }));
}

/** The first of them, of which the last says how many more there are. */
export function relatedPlaces<T>(items: readonly T[], placeOf: (item: T) => Related): readonly Related[] {
  return firstRelated(items.slice(0, mostRelated).map(placeOf), items.length);
}
