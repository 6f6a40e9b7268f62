// Requests about what a change opens and closes.
import { request } from './define.ts';
import { listOf, object, oneOf, optional, text } from './read.ts';
import { folderOf, type Unanswerable } from './shared.ts';

/** `opened`: the files as they were opened in the editor; `cluster`: what the client read; `revision`: a commit that git names. */
type Base = 'opened' | 'cluster' | 'revision';

export interface CompareAccessParams {
  /** A file of the folder; `null` means the first folder. */
  readonly uri: string | null;
  readonly base: Base;
  readonly revision?: string;
}

export interface CompareAccessResult {
  /** How many clients, hosts and ports each. */
  readonly opened: number;
  readonly closed: number;
  readonly changed: number;
  readonly markdown: string;
}

export interface RevisionsResult {
  /** `HEAD` first; empty where git has none, or may not be asked. */
  readonly revisions: readonly string[];
}

export interface EditEffectResult {
  /** Phrases such as `opens api.example.com:443 to 3 accounts`. */
  readonly effects: readonly string[];
}

export interface ApplyEffectParams {
  /** Of the kubeconfig. */
  readonly context: string;
  /** Manifests, one object each. */
  readonly texts: readonly string[];
}

export interface ApplyEffectResult extends EditEffectResult {
  /** False if this cluster was not read: then nothing is known of the effect. */
  readonly known: boolean;
}

export const compareRequests = {
  'istioEgress/compareAccess': request<CompareAccessParams, CompareAccessResult | Unanswerable>({
    read: object<CompareAccessParams>({
      uri: folderOf,
      base: oneOf<Base>('opened', 'cluster', 'revision'),
      revision: optional(text),
    }),
    needsAllFiles: true,
    answers: 'what the files open and close compared with a revision, the cluster, or themselves when they were opened',
  }),
  'istioEgress/revisions': request<{ readonly uri: string | null }, RevisionsResult>({
    read: object<{ readonly uri: string | null }>({ uri: folderOf }),
    answers: '`{ revisions }`: what the files can be compared with, by the names that git knows',
  }),
  'istioEgress/editEffect': request<{ readonly uri: string }, EditEffectResult>({
    read: object<{ readonly uri: string }>({ uri: text }),
    needsAllFiles: true,
    answers: '`{ effects }`: what the edits of a file since it was opened open and close, a phrase each',
  }),
  'istioEgress/applyEffect': request<ApplyEffectParams, ApplyEffectResult>({
    read: object<ApplyEffectParams>({ context: text, texts: listOf(text) }),
    answers: '`{ known, effects }`: what applying manifests to the cluster opens and closes, a phrase each',
  }),
};
