// Answers that take long: typing goes on meanwhile, and they end where nobody waits for them any more.
import type { CancellationToken } from 'vscode-languageserver';
import { drained } from '../base/steps.ts';
import { StaleMesh } from '../mesh/index/look.ts';
import { inSlices } from './in-slices.ts';
import { ContentModified, NoLongerWanted } from './unanswered.ts';

/** What is needed of a session. */
interface Answering {
  readonly pause: () => Promise<void>;
  /** Some keystrokes long. */
  readonly rest: () => Promise<void>;
  readonly isReading: boolean;
  readonly catchUp: () => void;
  readonly cluster: { readonly known: unknown };
  readonly workspaces: () => readonly { readonly version: number; readonly workspace: { readonly mesh: unknown } }[];
}

/** Takes each result of long work; other messages get their turn in between, and work that no one waits for any more ends. */
export async function takeInSlices<T>(
  session: Pick<Answering, 'pause'>,
  work: Iterable<T>,
  { token, take }: { readonly token: CancellationToken; readonly take: (one: T) => void },
): Promise<void> {
  await stoppedWhereStale(
    inSlices(work, { pause: session.pause, isStopped: () => token.isCancellationRequested, take }),
  );
}

/**
 * What `work` returns, a few of its steps at a time. With an edit in between, the answer would be of the old text in part: the work begins
 * again once typing rests, so it asks the session for everything that it uses.
 */
export async function longAnswer<T>(
  session: Answering,
  token: CancellationToken,
  work: () => Generator<unknown, T>,
): Promise<T> {
  for (;;) {
    // Each file that is read would be an edit; who asks meanwhile wants what there is so far.
    if (session.isReading) return drained(work());
    const found = await withoutEdit(session, token, work);
    if (found) return found.answer;
    await typingRests(session, token);
    if (token.isCancellationRequested) throw new NoLongerWanted();
    session.catchUp();
  }
}

/** What is needed of a session for an answer about one file. */
interface AnsweringText {
  readonly pause: () => Promise<void>;
  readonly texts: { readonly isOpen: (uri: string) => boolean; readonly textOf: (uri: string) => string | undefined };
}

/**
 * What `work` returns about one file, a few of its steps at a time. Throws ContentModified where the file's text is edited in between: the
 * editor then asks again by itself.
 */
export async function answerAboutText<T>(
  session: AnsweringText,
  { uri, token }: { readonly uri: string; readonly token: CancellationToken },
  work: () => Generator<unknown, T>,
): Promise<T> {
  // Other files would be read from the disk for each look.
  const now = () => (session.texts.isOpen(uri) ? session.texts.textOf(uri) : undefined);
  const before = now();
  let found: { readonly answer: T } | undefined;
  const steps = function* () {
    found = { answer: yield* work() };
  };
  await stoppedWhereStale(
    inSlices(steps(), {
      pause: session.pause,
      isStopped: () => token.isCancellationRequested || now() !== before,
    }),
  );
  if (found) return found.answer;
  throw token.isCancellationRequested ? new NoLongerWanted() : new ContentModified();
}

async function stoppedWhereStale(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof StaleMesh ? new ContentModified() : error;
  }
}

/** Else each key would let the work of every waiting answer begin anew. */
async function typingRests(session: Answering, token: CancellationToken): Promise<void> {
  for (let isEdited = () => true; isEdited() && !token.isCancellationRequested; ) {
    isEdited = editsSince(session);
    await session.rest();
  }
}

/** Undefined where an edit came, or nobody waits any more. */
async function withoutEdit<T>(
  session: Answering,
  token: CancellationToken,
  work: () => Generator<unknown, T>,
): Promise<{ readonly answer: T } | undefined> {
  const isEdited = editsSince(session);
  const isStopped = () => token.isCancellationRequested || isEdited();
  let found: { readonly answer: T } | undefined;
  const steps = function* () {
    found = { answer: yield* work() };
  };
  await inSlices(steps(), { pause: session.pause, isStopped });
  return found;
}

/** Whether files, settings or the cluster are others than now. */
function editsSince(session: Answering): () => boolean {
  const now = () => [
    session.cluster.known,
    ...session.workspaces().flatMap((folder) => [folder, folder.version, folder.workspace.mesh]),
  ];
  const before = now();
  return () => {
    const after = now();
    return after.length !== before.length || after.some((one, at) => one !== before[at]);
  };
}
