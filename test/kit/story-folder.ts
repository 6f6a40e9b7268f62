// The story's manifests in a folder of a test's own, which is gone after it.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LspClient, root, type LspClientOptions } from './lsp-client.ts';

/** A folder that is removed after the test file. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `istio-egress-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function copyStory(folder: string): string {
  cpSync(join(root, 'examples'), folder, { recursive: true });
  return folder;
}

/** The story with one file changed. */
export function storyWith(folder: string, file: string, change: (text: string) => string): string {
  copyStory(folder);
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
  return folder;
}

/** The built server on the story, stopped after the test file. `story` lies in `dir`, which has room for more folders. */
export async function serverOnStory(name: string, options: Omit<LspClientOptions, 'folders'> = {}) {
  const dir = temporaryFolder(name);
  const story = copyStory(join(dir, 'story'));
  const client = await LspClient.start({ ...options, folders: [pathToFileURL(story).href] });
  after(() => client.stop());
  return {
    dir,
    story,
    client,
    uriOf: (file: string) => pathToFileURL(join(story, file)).href,
    read: (file: string) => readFileSync(join(story, file), 'utf8'),
  };
}
