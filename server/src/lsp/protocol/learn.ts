// The request behind Learn from Gateway Logs: manifests for what an access log shows as leaving.
import { request } from './define.ts';
import { listOf, object, optional, text } from './read.ts';
import { folderOf, type Unanswerable } from './shared.ts';
import type { AddressAccount } from '../../features/learn/accounts.ts';

export interface LearnParams {
  /** A file of the folder whose manifests are completed; `null` means the first folder. */
  readonly uri: string | null;
  /** The log. */
  readonly text: string;
  /** Account of clients that nothing else tells: `NAMESPACE` or `NAMESPACE/SERVICE-ACCOUNT`. */
  readonly from?: string;
  /** What a cluster says of the addresses of its pods. */
  readonly accounts?: readonly AddressAccount[];
}

export interface LearnResult {
  /** What was learned, as comments, and the new manifests below them. */
  readonly text: string;
  /** Files of the folder with the ports that their ServiceEntries lack. */
  readonly changed: readonly { readonly uri: string; readonly before: string; readonly after: string }[];
  /** How many requests are not in the proposal because nothing tells their client's account. */
  readonly withoutAccount: number;
  /** How many requests would still not get out. */
  readonly unsolved: number;
}

const account = object<AddressAccount>({ address: text, namespace: text, serviceAccount: text, since: text });

export const learnRequests = {
  'istioEgress/learn': request<LearnParams, LearnResult | Unanswerable>({
    read: object<LearnParams>({
      uri: folderOf,
      text,
      from: optional(text),
      accounts: optional(listOf(account)),
    }),
    needsAllFiles: true,
    answers: '`{ text, changed }`: manifests that let through what an access log shows as leaving, and changed files',
  }),
};
