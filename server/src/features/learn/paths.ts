// Paths of requests as a policy lists them: one by one while they are few, else by the longest prefixes that keep the list short.

export interface PathPattern {
  /** A path, or a prefix with `*` behind it. */
  readonly value: string;
  /** How many paths of the log it stands for. */
  readonly stands: number;
  /** Whether it lets through other paths than these. */
  readonly isWider: boolean;
}

interface Node {
  /** Without a slash at its end; empty for the root. */
  readonly prefix: string;
  /** How many paths are at it or below. */
  size: number;
  isPath: boolean;
  readonly below: Map<string, Node>;
}

/** In alphabetical order. About `most`: a path that is also the beginning of others has an item of its own. */
export function pathPatterns(paths: Iterable<string>, most: number): readonly PathPattern[] {
  const all = [...new Set(paths)].sort();
  if (all.length <= most) return all.map(exactly);
  const [rooted, others] = [all.filter((path) => path.startsWith('/')), all.filter((path) => !path.startsWith('/'))];
  // Such as the `*` of `OPTIONS *`: no prefix holds them but the empty one.
  if (others.length > 0) return [{ value: '*', stands: all.length, isWider: true }];
  const list = shortest(treeOf(rooted), most);
  return list.sort((a, b) => (a.value < b.value ? -1 : 1));
}

function treeOf(paths: readonly string[]): Node {
  const root = nodeAt('');
  for (const path of paths) {
    root.size++;
    let at = root;
    for (const name of path.slice(1).split('/')) {
      const next = at.below.get(name) ?? nodeAt(`${at.prefix}/${name}`);
      at.below.set(name, next);
      next.size++;
      at = next;
    }
    at.isPath = true;
  }
  return root;
}

function nodeAt(prefix: string): Node {
  return { prefix, size: 0, isPath: false, below: new Map() };
}

/** Opens the nodes nearest to the root first, as long as the list stays short enough. */
function shortest(root: Node, most: number): PathPattern[] {
  const done: PathPattern[] = [];
  const open = [root];
  for (let at = 0; at < open.length; at++) {
    const node = open[at]!;
    const waiting = open.length - at - 1;
    if (node.isPath) done.push(exactly(node.prefix));
    if (done.length + waiting + node.below.size <= most) open.push(...node.below.values());
    else if (node.below.size > 0)
      done.push({ value: `${node.prefix}/*`, stands: node.size - (node.isPath ? 1 : 0), isWider: true });
  }
  return done;
}

/** Policies read a star at an end, and a template, as a pattern. */
function exactly(value: string): PathPattern {
  return { value, stands: 1, isWider: /^\*|\*$|\{\*\*?\}/.test(value) };
}
