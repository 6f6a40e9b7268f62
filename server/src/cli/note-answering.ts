import type { CliHost } from './host.ts';

/** To be called at each step of an answer, so that a run that takes long says so meanwhile. */
export function noteAnswering(host: Pick<CliHost, 'noteProgress'>): () => void {
  return () => host.noteProgress('working out the answer');
}
