// Builds the product whenever a source changes.
import { context, type BuildOptions } from 'esbuild';
import { clientBundles, makeExecutable, pageBundles, prepareFolder, serverBundles } from './bundles.ts';

export interface Rebuilt {
  /** Whether a bundle of the client was built, or only others were. */
  readonly client: boolean;
  readonly errors: number;
  readonly ms: number;
}

/** Builds into `dist/`, now and after each change. esbuild itself prints the errors. */
export async function watchProduct(onRebuilt: (rebuilt: Rebuilt) => void): Promise<void> {
  const folder = 'dist';
  const rounds = new Rounds((rebuilt) => {
    makeExecutable(folder);
    onRebuilt(rebuilt);
  });
  prepareFolder(folder);
  const choice = { minify: false };
  const all = [
    ...clientBundles(choice, folder).map((bundle) => rounds.watched(bundle, true)),
    ...pageBundles(choice, folder).map((bundle) => rounds.watched(bundle, true)),
    ...serverBundles(choice, folder).map((bundle) => rounds.watched(bundle, false)),
  ];
  await Promise.all(all.map(async (bundle) => (await context(bundle)).watch()));
}

/** One edit concerns several bundles, which do not start in the same moment: a round ends when none was busy for a while. */
const restMs = 200;

class Rounds {
  readonly #onEnd: (rebuilt: Rebuilt) => void;
  #busy = 0;
  #began = 0;
  #client = false;
  #errors = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(onEnd: (rebuilt: Rebuilt) => void) {
    this.#onEnd = onEnd;
  }

  watched(bundle: BuildOptions, isClient: boolean): BuildOptions {
    return {
      ...bundle,
      plugins: [
        ...(bundle.plugins ?? []),
        {
          name: 'watched',
          setup: (found) => {
            found.onStart(() => this.#start());
            found.onEnd(({ errors }) => this.#end(isClient, errors.length));
          },
        },
      ],
    };
  }

  #start(): void {
    clearTimeout(this.#timer);
    if (this.#began === 0) this.#began = Date.now();
    this.#busy++;
  }

  #end(isClient: boolean, errors: number): void {
    this.#busy--;
    this.#client ||= isClient;
    this.#errors += errors;
    if (this.#busy > 0) return;
    const ms = Date.now() - this.#began;
    this.#timer = setTimeout(() => {
      const rebuilt = { client: this.#client, errors: this.#errors, ms };
      this.#began = 0;
      this.#client = false;
      this.#errors = 0;
      this.#onEnd(rebuilt);
    }, restMs);
  }
}
