// Revisions of the git repository around the working directory, as files; the host asks the user's own git.
import type { Failure, FileSystem } from './file-system.ts';

export interface Git {
  /** The commit that a user's word names: a branch, a tag, an id, `HEAD~2`. */
  readonly commitOf: (revision: string) => Commit | Failure;
  /** `HEAD` and the branches and tags, the last changed first; empty outside of a repository. */
  readonly revisions: () => readonly string[];
  /** The commit where both lines of history part. */
  readonly mergeBase: (a: string, b: string) => Commit | Failure;
  /** The tree of a commit, at the paths that a checkout would have. Nothing is checked out. */
  readonly filesAt: (commit: string) => RevisionFiles | Failure;
  /** The tree of a commit in a temporary folder, for programs that read files. It is removed when the process ends. */
  readonly copyOf: (commit: string) => RevisionCopy | Failure;
}

export interface Commit {
  readonly ok: true;
  readonly commit: string;
}

export interface RevisionFiles extends FileSystem {
  readonly ok: true;
  /** Paths of submodules, whose files are in other repositories. */
  readonly submodules: readonly string[];
}

export interface RevisionCopy {
  readonly ok: true;
  /** Where a checkout has its root, and where the copy has it. */
  readonly top: string;
  readonly folder: string;
  readonly submodules: readonly string[];
}
