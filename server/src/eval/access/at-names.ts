// Declarations as the reason of an answer: each is shown at its name.
import type { Resource } from '../../model/resource.ts';
import type { Evidence } from '../trace/step.ts';

export function atName(resource: Resource): Evidence {
  return { resource, span: resource.at.name };
}

const names = new WeakMap<readonly Resource[], readonly Evidence[]>();

/** Of one host they are the same for every client, and can be thousands. */
export function namesOf(entries: readonly Resource[]): readonly Evidence[] {
  const known = names.get(entries) ?? entries.map(atName);
  names.set(entries, known);
  return known;
}
