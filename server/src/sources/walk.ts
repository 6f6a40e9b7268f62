// Finds manifests below folders. A generator, so that a server can stop between folders.
import { linkToNothing, notAFile, type FileSystem } from './file-system.ts';
import { isManifestName, isSkippedFolder } from './ignore.ts';
import { isInside, nameOf } from './paths.ts';

export interface Found {
  readonly path: string;
  /** Why it was not looked into; undefined for a manifest. */
  readonly reason?: string;
}

const ignored = 'ignored by the configuration file';

interface ResolvedPath {
  readonly path: string;
  /** Without links. */
  readonly real: string;
}

interface Walk {
  readonly files: FileSystem;
  readonly isIgnored: (path: string) => boolean;
  /** Real paths of folders and files that were met. */
  readonly seen: Set<string>;
  readonly roots: readonly ResolvedPath[];
  readonly folders: ResolvedPath[];
  /** Followed last, so that a link to a folder that is read anyway adds nothing. */
  readonly links: ResolvedPath[];
}

/**
 * The manifests below the roots, folder by folder and each file once. A root that is a file is one, whatever its name. Links are
 * followed unless they lead upwards.
 */
export function* walk(
  files: FileSystem,
  roots: readonly string[],
  isIgnored: (path: string) => boolean = () => false,
): Generator<readonly Found[]> {
  const places: ResolvedPath[] = [];
  const walked: Walk = { files, isIgnored, seen: new Set(), roots: places, folders: [], links: [] };
  for (const path of roots) {
    const stat = files.stat(path);
    if (stat === undefined) yield [{ path, reason: 'not found' }];
    else if (stat.kind === 'folder') places.push({ path, real: stat.real });
    else if (stat.kind === 'other') yield [{ path, reason: stat.reason }];
    else if (isNew(walked, stat.real)) yield [{ path }];
  }
  for (const place of places.toReversed()) walked.folders.push(place);
  for (;;) {
    const folder = walked.folders.pop();
    const link = folder ? undefined : walked.links.pop();
    if (folder) yield visit(walked, folder);
    else if (link) yield follow(walked, link);
    else return;
  }
}

function visit(walked: Walk, folder: ResolvedPath): readonly Found[] {
  if (!isNew(walked, folder.real)) return [];
  const entries = walked.files.list(folder.path);
  if ('ok' in entries) return [{ path: folder.path, reason: entries.reason }];
  const found: Found[] = [];
  for (const { name, kind } of entries) {
    const place = inside(folder, name);
    if (kind !== 'file' && isSkippedFolder(name)) continue;
    if (walked.isIgnored(place.path)) {
      // A link may lead anywhere, so it is not counted.
      if (kind === 'folder' || (kind === 'file' && isManifestName(name)))
        found.push({ path: place.path, reason: ignored });
      continue;
    }
    if (kind === 'folder') walked.folders.push(place);
    else if (kind === 'link') walked.links.push(place);
    else if (!isManifestName(name)) continue;
    else if (kind === 'other') found.push({ path: place.path, reason: notAFile });
    else if (isNew(walked, place.real)) found.push({ path: place.path });
  }
  return found;
}

function follow(walked: Walk, link: ResolvedPath): readonly Found[] {
  const stat = walked.files.stat(link.path);
  const looksLikeFile = isManifestName(nameOf(link.path));
  if (stat === undefined || stat.kind === 'other')
    return looksLikeFile ? [{ path: link.path, reason: stat?.reason ?? linkToNothing }] : [];
  if (stat.kind === 'file') return looksLikeFile && isNew(walked, stat.real) ? [{ path: link.path }] : [];
  if (!walked.roots.some(({ real }) => isInside(stat.real, real))) walked.folders.push({ ...link, real: stat.real });
  return [];
}

function inside(folder: ResolvedPath, name: string): ResolvedPath {
  return { path: below(folder.path, name), real: below(folder.real, name) };
}

function below(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** Notes a real path; false if it was met before. */
function isNew({ seen }: Walk, real: string): boolean {
  const before = seen.size;
  seen.add(real);
  return seen.size > before;
}
