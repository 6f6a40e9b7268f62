// `npm start` shows the walkthrough beside the story; elsewhere the editor shows it once, after the extension was installed.
import { showWalkthrough } from './commands/open-sample.ts';
import { welcomeVariable } from './reload-file.ts';

let isShown = false;

/** Once: the server may start again. */
export async function welcome(): Promise<void> {
  if (isShown || process.env[welcomeVariable] !== '1') return;
  isShown = true;
  await showWalkthrough(true);
}
