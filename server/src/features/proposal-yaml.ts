import type { Proposal } from '../eval/log/propose.ts';
import { printDocument } from '../yaml/print.ts';

/** The text to paste into a manifest. */
export function proposalYaml({ manifest }: Proposal): string {
  return printDocument(manifest);
}
