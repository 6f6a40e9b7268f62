// `npm start` and the sample workspace show the walkthrough beside the story; elsewhere the editor shows it once, after the extension was installed.
import { commands, workspace } from 'vscode';
import { isSampleFolder, showWalkthrough } from './commands/open-sample.ts';
import type { EgressContext } from './extension-context.ts';
import { welcomeVariable } from './reload-file.ts';

const memoryKey = 'istioEgress.welcomed';
let isDone = false;

/** Once, as the server may start again; in the sample only when it is opened for the first time. */
export async function welcome({ memory }: Pick<EgressContext, 'memory'>): Promise<void> {
  if (isDone) return;
  isDone = true;
  const isStart = process.env[welcomeVariable] === '1';
  const isSample = isStart || workspace.workspaceFolders?.some(({ uri }) => isSampleFolder(uri)) === true;
  // The steps of the walkthrough are those for what is open.
  await commands.executeCommand('setContext', 'istioEgress.sampleIsOpen', isSample);
  await commands.executeCommand('setContext', 'istioEgress.sampleIsBroken', isStart);
  if (!isSample || (!isStart && memory.get<boolean>(memoryKey) === true)) return;
  await memory.update(memoryKey, true);
  await showWalkthrough(true);
}
