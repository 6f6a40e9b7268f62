// While `npm run dev` runs: what it has built again is loaded again.
import { existsSync, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { commands, Disposable, ExtensionMode, type ExtensionContext } from 'vscode';
import type { EgressContext } from './extension-context.ts';
import { runInBackground } from './run-in-background.ts';
import { clientWord, developmentVariable, reloadFile } from './reload-file.ts';

/** Whether a developer of the extension started this editor, by F5 or by `npm run dev`. */
export function isUnderDevelopment({ extensionMode }: ExtensionContext): boolean {
  return extensionMode === ExtensionMode.Development || process.env[developmentVariable] === '1';
}

/** Node's own watcher: the extension's folder is outside the workspace, where the editor's watcher reports nothing. */
export function reloadAfterBuild(context: ExtensionContext, { server, output }: EgressContext): Disposable {
  if (!isUnderDevelopment(context)) return new Disposable(() => undefined);
  const file = context.asAbsolutePath(reloadFile);
  const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  let loaded = read();
  const reload = async (): Promise<void> => {
    const written = read();
    if (written === '' || written === loaded) return; // one write is several events
    loaded = written;
    if (written.startsWith(clientWord)) await commands.executeCommand('workbench.action.reloadWindow');
    else await server.restart();
  };
  const watcher = watch(dirname(file), (_, name) => {
    if (name === basename(file)) runInBackground(output, 'loading the new build', reload());
  });
  return new Disposable(() => watcher.close());
}
