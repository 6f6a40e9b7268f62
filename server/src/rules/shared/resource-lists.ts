// How findings speak of several resources: by name while they are few.
import { describe, type Resource } from '../../model/resource.ts';
import type { Related } from '../rule.ts';

const named = 3;
const shown = 20;

/** `A`, `A and B`, `A, B, C and 4 more`. */
export function listOf(resources: readonly Pick<Resource, 'written' | 'namespace' | 'name'>[]): string {
  const names = resources.slice(0, named).map(describe);
  const rest = resources.length - names.length;
  if (rest > 0) return `${names.join(', ')} and ${rest} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Each at its name, the first twenty. */
export function relatedTo(resources: readonly Resource[], message: (name: string) => string): Related[] {
  return resources
    .slice(0, shown)
    .map((resource) => ({ resource, at: resource.at.name, message: message(describe(resource)) }));
}
