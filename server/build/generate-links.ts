// Where the project is hosted is written once: `repository.url` in package.json. Every other address of it follows.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Generated } from './generated.ts';

const root = resolve(import.meta.dirname, '../..');

/** Files that name the repository's address. */
export const linkingFiles = ['package.json', 'CONTRIBUTING.md', 'SECURITY.md', '.github/ISSUE_TEMPLATE/config.yml'];

export const links: Generated = {
  name: 'links',
  make: () => {
    const { current, written } = addressesOf(readFileSync(join(root, 'package.json'), 'utf8'));
    const files = linkingFiles.map((path) => ({
      path,
      text: readFileSync(join(root, path), 'utf8').replaceAll(written, current),
    }));
    return Promise.resolve({ files });
  },
};

interface Manifest {
  readonly repository: { readonly url: string };
  readonly bugs: { readonly url: string };
}

/** The address that counts, and the one that was written everywhere the last time, which `bugs.url` still shows. */
export function addressesOf(manifest: string): { readonly current: string; readonly written: string } {
  const { repository, bugs } = JSON.parse(manifest) as Manifest;
  const current = /^(?:git\+)?(https:\/\/[^/]+\/[^/]+\/[^/]+?)(?:\.git)?$/.exec(repository.url)?.[1];
  const written = /^(https:\/\/[^/]+\/[^/]+\/[^/]+)\/issues$/.exec(bugs.url)?.[1];
  if (current === undefined || written === undefined)
    throw new Error(
      'package.json: repository.url must be git+https://HOST/OWNER/NAME.git, bugs.url https://HOST/OWNER/NAME/issues',
    );
  return { current, written };
}
