// What is written at a place itself, and not reached through an alias or a merge key: only that can be edited there.
import type { FieldPath } from '../base/field-path.ts';
import type { YamlEntry, YamlMap, YamlNode } from './node.ts';
import { isAlias } from './style.ts';

/** The entry as the map itself writes it; one that a merge key brought in is written elsewhere. */
export function ownEntry(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.findLast((entry) => String(entry.key.value) === key && !entry.merged);
}

/** The node at a path, if it is written at this place and not reached through an alias or a merge key. */
export function ownNode(
  { text }: { readonly text: string },
  root: YamlNode | undefined,
  path: FieldPath,
): YamlNode | undefined {
  let here = root;
  for (const step of path) {
    if (here?.kind === 'seq') here = here.items[step as number];
    else here = here?.kind === 'map' ? ownEntry(here, String(step))?.value : undefined;
    if (here && isAlias(text, here)) return undefined;
  }
  return here;
}
