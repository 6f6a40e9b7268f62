import type { FieldDifference } from '../objects/field-differences.ts';

/** Notes that tools of deployment leave on what they apply: no file holds them, and no one decides anything by them. */
const toolNotes =
  /^(?:meta\.helm\.sh|argocd\.argoproj\.io|[\w-]+\.toolkit\.fluxcd\.io|objectset\.rio\.cattle\.io)\/|^app\.kubernetes\.io\/managed-by$/;

/** Whether only the cluster has it, and only for such a tool. */
export function isToolNote({ path, file }: FieldDifference): boolean {
  const key = /^metadata\.(?:labels|annotations)\["(.*)"\]$/.exec(path)?.[1];
  return file === undefined && key !== undefined && toolNotes.test(key);
}
