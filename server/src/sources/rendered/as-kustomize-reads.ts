// A kustomization as the tool reads it: Go takes the names of fields in upper and lower case alike.
// kustomize@api/v0.21.1 api/types/kustomization.go Unmarshal.
import type { YamlEntry, YamlNode } from '../../yaml/node.ts';

/** Fields that name files and folders to go on with. */
const lists: readonly string[] = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'];

/** Whichever of several fields with one name counts, what they name is in one list. */
export function asKustomizeReads(root: YamlNode | undefined): YamlNode | undefined {
  if (root?.kind !== 'map') return root;
  const found = lists.flatMap((name) => joined(name, root.entries) ?? []);
  return { ...root, entries: [...found, ...root.entries.filter((entry) => !lists.includes(nameOf(entry)))] };
}

function nameOf({ key }: YamlEntry): string {
  return String(key.value).toLowerCase();
}

function joined(name: string, entries: readonly YamlEntry[]): YamlEntry | undefined {
  const same = entries.filter((entry) => nameOf(entry) === name);
  const [first] = same;
  if (!first) return undefined;
  const items = same.flatMap(({ value }) => (value.kind === 'seq' ? value.items : []));
  return {
    ...first,
    key: { ...first.key, value: name },
    value: { kind: 'seq', flow: false, items, span: first.value.span },
  };
}
