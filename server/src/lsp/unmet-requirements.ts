// What does not meet the `require` of a folder's settings. It takes the whole mesh, so it is found after the rules, and the less often the
// longer it takes.
import { groupBy } from '../base/group-by.ts';
import type { Finding } from '../engine/finding.ts';
import type { Sources } from '../engine/to-source.ts';
import { findingsOf, hasRequirements, unmetInSteps } from '../features/requirements/findings.ts';
import type { Unmet } from '../features/requirements/place.ts';
import type { Folder } from './folder.ts';
import type { Guard } from './guard.ts';
import { inSlices } from './in-slices.ts';

interface Parts {
  readonly sources: Sources;
  /** `2026-12-31`, in UTC. */
  readonly today: () => string;
  readonly guard: Guard;
  readonly pause: () => Promise<void>;
  /** Whether a folder is of no interest now; who says so asks again later. */
  readonly isStopped: (folder: Folder) => boolean;
  readonly publish: (folder: Folder, uris: readonly string[]) => void;
}

/** The rest between two runs is this many times as long as a run. */
const restFactor = 5;
const longestRestMs = 3000;

export class UnmetRequirements {
  readonly #parts: Parts;
  /** By the files that show it. */
  readonly #found = new WeakMap<Folder, ReadonlyMap<string, readonly Unmet[]>>();
  readonly #isRequired = new WeakMap<Folder, boolean>();
  readonly #old = new Set<Folder>();
  readonly #working = new Map<Folder, Promise<void>>();
  #restMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Of a file as it is now: resources that were edited since are left out until the next run. */
  of(folder: Folder, uri: string): readonly Finding[] {
    return findingsOf(this.#found.get(folder)?.get(uri) ?? [], folder.workspace, this.#parts.sources);
  }

  all(folder: Folder): readonly Finding[] {
    return [...(this.#found.get(folder)?.keys() ?? [])].flatMap((uri) => this.of(folder, uri));
  }

  /** The mesh of the folder is another one now, or its settings; an edit of a file alone does not change these. */
  changed(folder: Folder, edited?: string): void {
    if (edited === undefined) this.#isRequired.set(folder, hasRequirements(folder.workspace));
    if (!this.#isRequired.get(folder) && !this.#found.has(folder)) return;
    this.#old.add(folder);
    if (!this.#working.has(folder)) this.#begin(folder);
  }

  #begin(folder: Folder): void {
    const work = this.#run(folder).finally(() => {
      this.#working.delete(folder);
      if (this.#old.has(folder)) this.#begin(folder);
    });
    this.#working.set(folder, work);
    this.#parts.guard.background(`waiting to check the requirements of ${folder.uri}`, work);
  }

  /** Resolves when all is found for the files as they are. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working.values());
  }

  async #run(folder: Folder): Promise<void> {
    const { pause, isStopped, publish, guard } = this.#parts;
    while (this.#old.delete(folder)) {
      await pause();
      if (this.#restMs > 1) await new Promise((resume) => setTimeout(resume, this.#restMs));
      if (isStopped(folder)) return;
      const begin = performance.now();
      const unmet = await this.#unmetIn(folder);
      if (unmet) guard.run(doingIn(folder), () => publish(folder, this.#take(folder, unmet)));
      this.#restMs = Math.min((performance.now() - begin) * restFactor, longestRestMs);
    }
  }

  /** Typing goes on meanwhile. Undefined where the files were edited in between: the edit asks again. */
  async #unmetIn(folder: Folder): Promise<readonly Unmet[] | undefined> {
    const { pause, isStopped, guard, today } = this.#parts;
    const { mesh } = folder.workspace;
    const isOld = () => folder.workspace.mesh !== mesh || isStopped(folder);
    let unmet: readonly Unmet[] | undefined;
    const steps = function* () {
      unmet = yield* unmetInSteps(folder.workspace, today());
    };
    await inSlices(steps(), { pause, isStopped: isOld, watched: guard.watch(), doing: () => doingIn(folder) });
    return isOld() ? undefined : unmet;
  }

  /** Gives the files that show other findings than before, or may. */
  #take(folder: Folder, unmet: readonly Unmet[]): readonly string[] {
    const { sources } = this.#parts;
    const before = this.#found.get(folder);
    const placed = [...groupBy(unmet, ({ resource }) => resource.uri).values()].flatMap((same) => {
      const findings = findingsOf(same, folder.workspace, sources);
      return same.flatMap((one, i) => (findings[i] ? [{ uri: findings[i].uri, one }] : []));
    });
    const found = new Map(
      [...groupBy(placed, ({ uri }) => uri)].map(([uri, same]) => [uri, same.map(({ one }) => one)]),
    );
    if (this.#isRequired.get(folder)) this.#found.set(folder, found);
    else this.#found.delete(folder);
    return [...new Set([...(before?.keys() ?? []), ...found.keys()])];
  }
}

function doingIn(folder: Folder): string {
  return `checking the requirements of ${folder.uri}`;
}
