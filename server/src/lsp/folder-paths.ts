// How answers name files: as they stand in their folder.

/** Relative to its folder where it is in one; behind the folder's name where there are several. */
export function folderPath(folders: readonly string[], file: string): string {
  const folder = folders.map((one) => one.replace(/\/?$/, '/')).find((one) => file.startsWith(one));
  if (folder === undefined) return file;
  const path = readable(file.slice(folder.length));
  return folders.length > 1 ? `${readable(folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1))}${path}` : path;
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
