// What is made of a document once, however many of its findings ask for it.
import { keptFor } from '../base/kept-for.ts';
import type { YamlDocument } from './node.ts';

/** `text` is always the one that the tree was read from. */
export function perTree<V>(make: (text: string, tree: YamlDocument) => V): (text: string, tree: YamlDocument) => V {
  const known = keptFor((tree: YamlDocument) => {
    let made: { readonly value: V } | undefined;
    return (text: string) => (made ??= { value: make(text, tree) }).value;
  });
  return (text, tree) => known(tree)(text);
}
