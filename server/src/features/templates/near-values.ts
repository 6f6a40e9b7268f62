// A template with the values of the mesh at its places: the likeliest one, and the others to choose from.
import type { Mesh } from '../../mesh/mesh.ts';
import { choicesFor, type PlaceChoice } from './choices.ts';
import { asSnippet, type Values } from './fill.ts';
import type { PlaceName } from './places.ts';
import type { Template } from './template.ts';

/** Places whose choices are the same in every template: many resources are looked at for them. */
const shared: readonly PlaceName[] = ['namespace', 'clients', 'account'];

export class NearValues {
  readonly #mesh: Mesh;
  readonly #known = new Map<PlaceName, readonly PlaceChoice[]>();

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
  }

  /** `isFixed`: the given values are not to be chosen anew. */
  snippet(template: Template, given: Values, isFixed: boolean): string {
    const values: Partial<Record<PlaceName, string>> = { ...given };
    const choices: Partial<Record<PlaceName, readonly string[]>> = {};
    for (const place of template.asks) {
      if (isFixed && given[place] !== undefined) continue;
      const found = this.#choices(template, place, values).map(({ value }) => value);
      choices[place] = found;
      const [first] = found;
      if (values[place] === undefined && first !== undefined) values[place] = first;
    }
    return asSnippet(template, values, choices);
  }

  #choices(template: Template, place: PlaceName, values: Values): readonly PlaceChoice[] {
    const known = this.#known.get(place);
    if (known) return known;
    const found = choicesFor(this.#mesh, template, place, values);
    if (shared.includes(place)) this.#known.set(place, found);
    return found;
  }
}
