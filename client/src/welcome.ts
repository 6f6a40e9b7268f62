// `npm start` shows the walkthrough beside the story; elsewhere the editor shows it once, after the extension was installed.
import { showWalkthrough } from './commands/open-sample.ts';
import { welcomeVariable } from './reload-file.ts';

export async function welcome(): Promise<void> {
  if (process.env[welcomeVariable] === '1') await showWalkthrough(true);
}
