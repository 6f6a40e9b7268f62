// Reads folders with rendered charts and overlays: the rendered output replaces the files that the tools read.
import { compareText } from '../base/compare.ts';
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import type { FileSystem } from '../sources/file-system.ts';
import type { RenderJob } from '../sources/rendered/plan-renderings.ts';
import { chartOf, isRenderedUri, renderedUri } from '../sources/rendered/rendered-files.ts';
import type { Renderer } from '../sources/rendered/renderer.ts';
import { Rendering } from '../sources/rendered/rendering.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { parseDocument } from '../yaml/parse.ts';
import { asString, at } from '../yaml/read.ts';
import type { FolderReader, ReadFile, Skipped } from './reader.ts';
import type { SourcePlace } from './to-source.ts';

export interface RenderedReaderOptions {
  readonly base: FolderReader;
  readonly files: FileSystem;
  readonly pathOf: (uri: string) => string | undefined;
  readonly renderer: Renderer;
}

/** What became of a job: what was printed, or why there is nothing to read. */
interface Outcome {
  readonly job: RenderJob;
  readonly rendering?: Rendering;
  readonly why?: string;
  /** What was printed for another mesh than the one that is read now. */
  readonly beside?: Rendering;
}

export class RenderedReader implements FolderReader {
  readonly #options: RenderedReaderOptions;
  readonly #outcomes = new Map<string, readonly Outcome[]>();
  /** Files of jobs that had their turn. */
  readonly #seen = new Set<string>();

  constructor(options: RenderedReaderOptions) {
    this.#options = options;
  }

  /**
   * Runs the tools for what a folder holds now, or for what the changed files are part of. True if the folder then has to be read
   * again. `namespace` is that of objects which name none.
   */
  async render(folder: string, namespace: string, changed?: readonly string[]): Promise<boolean> {
    const paths = changed?.flatMap((uri) => this.#options.pathOf(uri) ?? []);
    const before = this.#outcomes.get(folder) ?? [];
    const isOld = ({ job }: Outcome) => paths === undefined || paths.some(job.reads);
    if (paths !== undefined && !before.some(isOld)) return false;
    const kept = before
      .filter((outcome) => !isOld(outcome))
      .map(({ beside, ...outcome }) => (beside ? { job: outcome.job, rendering: beside } : outcome));
    const jobs = this.#options.base.jobs(folder).filter(({ file }) => !kept.some(({ job }) => job.file === file));
    const outcomes: Outcome[] = [...kept];
    for (const job of jobs) outcomes.push(await this.#run(job, namespace));
    this.#outcomes.set(folder, oneMesh(outcomes.sort((a, b) => compareText(a.job.file, b.job.file))));
    return jobs.length > 0 || kept.length < before.length;
  }

  /**
   * From now on gives the overlays that were left out in place of those that they are beside; false if each had its turn. The
   * folders have to be read again.
   */
  nextMesh(): boolean {
    let hasMore = false;
    for (const [folder, outcomes] of this.#outcomes) {
      for (const { job, rendering } of outcomes) if (rendering) this.#seen.add(job.file);
      const left = outcomes.filter(({ job, beside }) => beside !== undefined && !this.#seen.has(job.file));
      if (left.length === 0) continue;
      hasMore = true;
      const others = outcomes.filter((outcome) => !left.includes(outcome));
      this.#outcomes.set(
        folder,
        oneMesh(
          [...left, ...others].map(({ beside, ...outcome }) =>
            beside ? { job: outcome.job, rendering: beside } : outcome,
          ),
        ),
      );
    }
    return hasMore;
  }

  /** Forgets what was rendered; true where there was something. */
  forget(folder: string): boolean {
    return this.#outcomes.delete(folder);
  }

  *files(folder: string): Generator<ReadFile | Skipped | undefined> {
    for (const file of this.#options.base.files(folder))
      yield file && 'facts' in file ? this.#withFacts(folder, file) : file;
    const { files } = this.#options;
    for (const { job, rendering } of this.#outcomes.get(folder) ?? [])
      if (rendering) yield { uri: renderedUri(files.uriOf(job.file)), text: rendering.text, facts: {} };
    yield* this.problems(folder);
  }

  /** What could not be rendered, each at its chart or kustomization. */
  problems(folder: string): readonly Skipped[] {
    return (this.#outcomes.get(folder) ?? []).flatMap(({ job, why, beside }) =>
      why === undefined
        ? []
        : [{ uri: this.#options.files.uriOf(job.file), why, ...(beside ? { isBeside: true } : {}) }],
    );
  }

  file(folder: string, uri: string): ReadFile | undefined {
    const file = this.#options.base.file(folder, uri);
    return file && this.#withFacts(folder, file);
  }

  factsOf(folder: string, uri: string): FileFacts {
    return this.#isReplaced(folder, uri) ? { leftAlone: 'foreign' } : this.#options.base.factsOf(folder, uri);
  }

  configuration(folder: string, rules: readonly string[]) {
    return this.#options.base.configuration(folder, rules);
  }

  jobs(folder: string): readonly RenderJob[] {
    return this.#options.base.jobs(folder);
  }

  /** What was printed for a chart or an overlay. */
  textOf(uri: string): string | undefined {
    return this.#renderingOf(uri)?.text;
  }

  /** Where the files say what stands at a place of what was rendered. `textOf` gives their texts as they are now. */
  toSource(uri: string, span: Span, textOf: (uri: string) => string | undefined): SourcePlace {
    const rendering = this.#renderingOf(uri);
    if (!rendering) return { uri, span };
    const { files } = this.#options;
    const origin = rendering.originOf(span, (path) => textOf(files.uriOf(path)));
    if (origin) return { uri: files.uriOf(origin.path), span: origin.span };
    const chart = chartOf(uri);
    const firstLine = /^[^\r\n]*/.exec(textOf(chart) ?? '')?.[0] ?? '';
    return {
      uri: chart,
      span: { start: 0, end: firstLine.length },
      renderedLine: new LineIndex(rendering.text).positionAt(span.start).line + 1,
    };
  }

  #renderingOf(uri: string): Rendering | undefined {
    if (!isRenderedUri(uri)) return undefined;
    const path = this.#options.pathOf(chartOf(uri));
    return [...this.#outcomes.values()].flat().find(({ job }) => job.file === path)?.rendering;
  }

  async #run(job: RenderJob, namespace: string): Promise<Outcome> {
    if (job.refused !== undefined) return { job, why: `not rendered: ${job.refused}` };
    const rendered = await this.#options.renderer(job, namespace);
    return rendered.ok
      ? { job, rendering: new Rendering(job, rendered.text) }
      : { job, why: `not rendered: ${rendered.why}` };
  }

  #withFacts(folder: string, file: ReadFile): ReadFile {
    return this.#isReplaced(folder, file.uri) ? { ...file, facts: { leftAlone: 'foreign' } } : file;
  }

  #isReplaced(folder: string, uri: string): boolean {
    const path = this.#options.pathOf(uri);
    return (
      path !== undefined &&
      (this.#outcomes.get(folder) ?? []).some(
        ({ job, rendering, beside }) => (rendering ?? beside) !== undefined && job.replaces(path),
      )
    );
  }
}

/** Overlays of one base that make the same objects are for different meshes: the first one counts. */
function oneMesh(outcomes: readonly Outcome[]): readonly Outcome[] {
  const taken: { readonly job: RenderJob; readonly objects: ReadonlySet<string> }[] = [];
  return outcomes.map((outcome) => {
    const { job, rendering } = outcome;
    if (!rendering) return outcome;
    const objects = objectsOf(rendering.text);
    const same = taken.find(
      (other) =>
        job.objects.some((path) => other.job.objects.includes(path)) &&
        [...objects].some((name) => other.objects.has(name)),
    );
    if (same)
      return {
        job,
        beside: rendering,
        why: `skipped: it renders the same objects as ${same.job.file}, for another mesh. Check it separately`,
      };
    taken.push({ job, objects });
    return outcome;
  });
}

function objectsOf(text: string): ReadonlySet<string> {
  return new Set(
    splitDocuments(text).map((document) => {
      const { root } = parseDocument(document.text);
      return [['kind'], ['metadata', 'namespace'], ['metadata', 'name']]
        .map((path) => asString(at(root, path)) ?? '')
        .join('/');
    }),
  );
}
