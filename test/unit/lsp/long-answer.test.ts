// A long answer is worked out in steps: one that nobody waits for ends, and an edit in between makes it begin again with the new text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerAboutText, longAnswer } from '../../../server/src/lsp/long-answer.ts';
import { ContentModified, NoLongerWanted } from '../../../server/src/lsp/unanswered.ts';

/** Each step takes longer than a slice, so a pause comes after each. */
function* slowSteps<T>(count: number, step: (at: number) => void, answer: () => T): Generator<undefined, T> {
  for (let at = 0; at < count; at++) {
    const end = performance.now() + 3;
    while (performance.now() < end);
    step(at);
    yield;
  }
  return answer();
}

type Turn = (folder: { version: number }, times: number) => void;

function sessionThat(onPause: Turn, onRest: Turn = () => {}) {
  const folder = { version: 0, workspace: { mesh: 'a mesh' } };
  const seen = { pauses: 0, rests: 0, caughtUp: 0 };
  return {
    folder,
    seen,
    isReading: false,
    cluster: { known: undefined },
    workspaces: () => [folder],
    catchUp: () => void seen.caughtUp++,
    pause() {
      onPause(folder, ++seen.pauses);
      return Promise.resolve();
    },
    rest() {
      onRest(folder, ++seen.rests);
      return Promise.resolve();
    },
  };
}

const wanted = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

test('messages get their turn between any two steps, and the answer is what the work returns', async () => {
  const session = sessionThat(() => {});
  assert.equal(
    await longAnswer(session, wanted, () =>
      slowSteps(
        4,
        () => {},
        () => 'done',
      ),
    ),
    'done',
  );
  assert.deepEqual(session.seen, { pauses: 4, rests: 0, caughtUp: 0 });
});

test('work that is no longer wanted ends at the next pause', async () => {
  const token = { ...wanted, isCancellationRequested: false };
  const session = sessionThat((_, pauses) => void (token.isCancellationRequested = pauses === 2));
  let steps = 0;
  await assert.rejects(
    longAnswer(session, token, () =>
      slowSteps(
        1000,
        () => void steps++,
        () => 'done',
      ),
    ),
    NoLongerWanted,
  );
  assert.equal(steps, 2);
});

test('an edit in a pause makes the work begin again, and what it returns is of one text', async () => {
  const session = sessionThat((folder, pauses) => void (folder.version += pauses === 2 ? 1 : 0));
  const runs: number[][] = [];
  const answer = await longAnswer(session, wanted, () => {
    const versions: number[] = [];
    runs.push(versions);
    return slowSteps(
      4,
      () => versions.push(session.folder.version),
      () => versions,
    );
  });
  assert.deepEqual(runs, [
    [0, 0],
    [1, 1, 1, 1],
  ]);
  assert.deepEqual(answer, [1, 1, 1, 1]);
  assert.equal(session.seen.caughtUp, 1);
});

test('while somebody types, the work does not begin again at each key: it waits until typing rests', async () => {
  const session = sessionThat(
    (folder, pauses) => void (folder.version += pauses === 1 ? 1 : 0),
    (folder, rests) => void (folder.version += rests < 5 ? 1 : 0),
  );
  let runs = 0;
  const answer = await longAnswer(session, wanted, () => {
    runs++;
    return slowSteps(
      2,
      () => {},
      () => session.folder.version,
    );
  });
  assert.equal(answer, 5);
  assert.equal(runs, 2);
  assert.deepEqual(session.seen, { pauses: 3, rests: 5, caughtUp: 1 });
});

test('while folders are read there is an answer of what was read so far', async () => {
  const session = { ...sessionThat((folder) => void folder.version++), isReading: true };
  assert.equal(
    await longAnswer(session, wanted, () =>
      slowSteps(
        4,
        () => {},
        () => 'so far',
      ),
    ),
    'so far',
  );
  assert.equal(session.seen.pauses, 0);
});

test('an answer about a text that is edited meanwhile, or that nobody waits for, ends without the rest of its steps', async () => {
  for (const [isEdited, isTakenBack, ends] of [
    [false, false, undefined],
    [true, false, ContentModified],
    [false, true, NoLongerWanted],
  ] as const) {
    let [text, taken] = ['before', 0];
    const token = { ...wanted };
    const session = {
      texts: { isOpen: () => true, textOf: () => text },
      pause() {
        if (isEdited) text = 'after';
        token.isCancellationRequested = isTakenBack;
        return Promise.resolve();
      },
    };
    const answer = answerAboutText(session, { uri: 'file:///a.yaml', token }, () =>
      slowSteps(
        4,
        () => void taken++,
        () => 'done',
      ),
    );
    if (ends) await assert.rejects(answer, ends);
    else assert.equal(await answer, 'done');
    assert.equal(taken, ends ? 1 : 4);
  }
});
