// Runs a program over a text, all ways at once: the time grows with text times program, whatever the pattern.
import type { Assertion } from './expression.ts';
import type { Program } from './program.ts';

/** Undefined where the answer would take too many steps. */
export type Matcher = (text: string) => boolean | undefined;

/** Instructions that one answer may visit: some tenths of a second. */
const mostSteps = 5_000_000;

/** Sets of instructions in which a program can be, kept so that texts alike are not worked out again. */
interface State {
  readonly waiting: readonly number[];
  readonly isEnd: boolean;
  readonly next: Map<number, State>;
}

const mostKept = 50_000;

export function createMatcher(program: Program): Matcher {
  return program.hasAssertions
    ? (text) =>
        withAssertions(
          program,
          Array.from(text, (char) => char.codePointAt(0)!),
        )
    : createStateMatcher(program);
}

function createStateMatcher(program: Program): Matcher {
  const run = new Run(program);
  let states = new Map<string, State>();
  let kept = 0;

  const stateOf = (from: readonly number[]): State => {
    const { waiting, isEnd } = run.follow(from, () => true);
    const key = `${isEnd}${waiting.join()}`;
    const before = states.get(key);
    if (before) return before;
    if (kept > mostKept) {
      states = new Map();
      kept = 0;
    }
    const made: State = { waiting, isEnd, next: new Map() };
    kept += waiting.length + 1;
    states.set(key, made);
    return made;
  };

  return (text) => {
    run.steps = 0;
    let state = stateOf([program.start]);
    for (const char of text) {
      const point = char.codePointAt(0)!;
      let next = state.next.get(point);
      if (!next) {
        next = stateOf(run.step(state.waiting, point));
        state.next.set(point, next);
        kept++;
      }
      if (next.waiting.length === 0 && !next.isEnd) return false;
      if (run.steps > mostSteps) return undefined;
      state = next;
    }
    return state.isEnd;
  };
}

function withAssertions(program: Program, points: readonly number[]): boolean | undefined {
  const run = new Run(program);
  let from: readonly number[] = [program.start];
  for (let at = 0; ; at++) {
    const { waiting, isEnd } = run.follow(from, (what) => holds(what, points, at));
    if (at === points.length) return isEnd;
    if (waiting.length === 0) return false;
    if (run.steps > mostSteps) return undefined;
    from = run.step(waiting, points[at]!);
  }
}

class Run {
  steps = 0;
  readonly #program: Program;
  readonly #visited: Uint32Array;
  #round = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#visited = new Uint32Array(program.instructions.length);
  }

  /** The instructions that wait for a character, from these ones on without reading one. */
  follow(
    from: readonly number[],
    passes: (what: Assertion) => boolean,
  ): { readonly waiting: readonly number[]; readonly isEnd: boolean } {
    const round = ++this.#round;
    const open = [...from];
    const waiting: number[] = [];
    let isEnd = false;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      this.steps++;
      if (this.#visited[at] === round) continue;
      this.#visited[at] = round;
      const instruction = this.#program.instructions[at]!;
      if (instruction.kind === 'split') for (const way of instruction.ways) open.push(way);
      else if (instruction.kind === 'set') waiting.push(at);
      else if (instruction.kind === 'match') isEnd = true;
      else if (passes(instruction.what)) open.push(instruction.next);
    }
    return { waiting: waiting.sort((a, b) => a - b), isEnd };
  }

  step(waiting: readonly number[], point: number): readonly number[] {
    this.steps += waiting.length;
    return waiting.flatMap((at) => {
      const instruction = this.#program.instructions[at]!;
      return instruction.kind === 'set' && instruction.has(point) ? [instruction.next] : [];
    });
  }
}

function holds(what: Assertion, points: readonly number[], at: number): boolean {
  const [before, after] = [points[at - 1], points[at]];
  switch (what) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === points.length;
    case 'line-start':
      return at === 0 || before === 10;
    case 'line-end':
      return at === points.length || after === 10;
    case 'word-boundary':
      return isWord(before) !== isWord(after);
    case 'no-word-boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(point: number | undefined): boolean {
  return point !== undefined && point < 128 && /\w/.test(String.fromCharCode(point));
}
