// Reading a large workspace shows in the editor's status bar, as the progress of LSP.

interface Progress {
  readonly begin: (title: string) => void;
  readonly done: () => void;
}

export interface LongReading {
  /** Undefined where the client shows no progress. */
  readonly create: (() => Promise<Progress>) | undefined;
  readonly title: string;
  /** What is over sooner shows nothing. */
  readonly afterMs: number;
  readonly failed: (error: unknown) => void;
}

export async function withProgress<T>(work: Promise<T>, { create, title, afterMs, failed }: LongReading): Promise<T> {
  if (!create) return work;
  let isOver = false;
  let shown: Progress | undefined;
  const begin = async () => {
    const progress = await create();
    // The work may end while the client answers.
    if (isOver) return;
    progress.begin(title);
    shown = progress;
  };
  const timer = setTimeout(() => void begin().catch(failed), afterMs);
  try {
    return await work;
  } finally {
    isOver = true;
    clearTimeout(timer);
    shown?.done();
  }
}
