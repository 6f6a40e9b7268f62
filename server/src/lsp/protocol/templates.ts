// Requests about new manifests: what can be written, and the text once its places are filled in.
import { request } from './define.ts';
import { mapOf, object, text } from './read.ts';
import { folderOf, type Unanswerable } from './shared.ts';
import type { NewManifest, Question } from '../../features/templates/new-manifest.ts';

export interface TemplatesParams {
  /** The file beside which a manifest is written; `null` means the first folder. */
  readonly uri: string | null;
}

export interface TemplatesResult {
  /** What the mesh lacks first. */
  readonly offers: readonly OfferedTemplate[];
}

export interface OfferedTemplate {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly isNeeded: boolean;
}

export interface NewManifestParams extends TemplatesParams {
  /** Of an offer. */
  readonly id: string;
  /** Given so far, by place. */
  readonly answers: Readonly<Record<string, string>>;
}

export type NewManifestResult = NewManifest;
export type { Question };

export const templateRequests = {
  'istioEgress/templates': request<TemplatesParams, TemplatesResult>({
    read: object<TemplatesParams>({ uri: folderOf }),
    answers: 'manifests that can be written: what the mesh lacks, then every template of the target version',
  }),
  'istioEgress/newManifest': request<NewManifestParams, NewManifestResult | Unanswerable>({
    read: object<NewManifestParams>({ uri: folderOf, id: text, answers: mapOf(text) }),
    answers:
      'the text of an offered manifest, and the next place to ask for with its choices, `null` when none is left',
  }),
};
