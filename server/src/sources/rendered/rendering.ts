// Rendered output with the mapping to its source files.
import type { Span } from '../../base/span.ts';
import type { Chunk } from '../../yaml/node.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import { join } from '../paths.ts';
import { align, helmOrigin, sourceOf, type Alignment } from './helm-origin.ts';
import { kustomizeOrigin } from './kustomize-origin.ts';
import type { Origin } from './origin.ts';
import type { RenderJob } from './plan-renderings.ts';

type TextOf = (path: string) => string | undefined;

export class Rendering {
  readonly job: RenderJob;
  readonly text: string;
  readonly #documents: readonly Chunk[];
  readonly #alignments = new Map<string, Alignment>();

  constructor(job: RenderJob, text: string) {
    this.job = job;
    this.text = text;
    this.#documents = splitDocuments(text);
  }

  /** Where a file says what stands at a span; undefined if that is not certain. */
  originOf(span: Span, textOf: TextOf): Origin | undefined {
    const document = this.#documents.findLast(({ start }) => start <= span.start);
    if (!document) return undefined;
    return this.job.tool === 'helm'
      ? this.#inTemplate(document, span, textOf)
      : kustomizeOrigin(this.job, document, span, textOf);
  }

  #inTemplate(document: Chunk, span: Span, textOf: TextOf): Origin | undefined {
    const source = sourceOf(document.text);
    const path = source === undefined ? undefined : join(this.job.folder, source);
    const template = path === undefined ? undefined : textOf(path);
    if (path === undefined || template === undefined) return undefined;
    const known = this.#alignments.get(path);
    const alignment =
      known?.template === template
        ? known
        : align(
            this.#documents.filter(({ text }) => sourceOf(text) === source),
            template,
          );
    this.#alignments.set(path, alignment);
    const at = helmOrigin(alignment, document, span);
    return at && { path, span: at };
  }
}
