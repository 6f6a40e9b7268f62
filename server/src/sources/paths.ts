// Paths with `/` between names on all platforms (`C:/x` and `file:///x` included).

export function join(folder: string, path: string): string {
  return normalise(path.startsWith('/') || /^[A-Za-z]:\//.test(path) ? path : `${folder}/${path}`);
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, slash + 1) : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Without `.`, `..` and doubled slashes; what goes above the root stays at it. */
export function normalise(path: string): string {
  const root = /^[a-z][a-z0-9+.-]+:\/\/[^/]*\//i.exec(path)?.[0] ?? (path.startsWith('/') ? '/' : '');
  const names: string[] = [];
  for (const name of path.slice(root.length).split('/')) {
    if (name === '..' && (root !== '' || (names.length > 0 && names.at(-1) !== '..'))) names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return root + names.join('/');
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** How `path` is written from `folder`; absolute where they have nothing in common. */
export function relativeTo(folder: string, path: string): string {
  const [from, to] = [normalise(folder).split('/'), normalise(path).split('/')];
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  if (same === 0) return path;
  return [
    ...from
      .slice(same)
      .filter((name) => name !== '')
      .map(() => '..'),
    ...to.slice(same),
  ].join('/');
}
