// Declarations as the reason of an answer: each is shown at its name.
import { keptFor } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import type { Evidence } from '../trace/step.ts';

export function atName(resource: Resource): Evidence {
  return { resource, span: resource.at.name };
}

/** Of one host they are the same for every client, and can be thousands. */
export const namesOf = keptFor((entries: readonly Resource[]): readonly Evidence[] => entries.map(atName));
