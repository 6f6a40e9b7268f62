// JSON that was formatted over several lines (copied from a browser or from jq) is one line of a log.
import { endOfObject } from './json-line.ts';

export interface NumberedLine {
  readonly text: string;
  /** Of its first line, 1-based. */
  readonly number: number;
}

const starts = /^[\s>`]*(?:[},[]\s*)?\{\s*$/;
/** More lines, or more characters, are not one access-log line. */
const longest = 200;
const mostCharacters = 1024 * 1024;

export class LineJoiner {
  #held: NumberedLine[] = [];
  #characters = 0;
  #number = 0;

  /** The lines that are complete with this one. */
  add(text: string): readonly NumberedLine[] {
    this.#number++;
    const line = { text, number: this.#number };
    if (this.#held.length === 0 && !starts.test(text)) return [line];
    this.#held.push(line);
    this.#characters += text.length;
    if (this.#held.length >= longest || this.#characters > mostCharacters) return this.flush();
    return text.trimStart().startsWith('}') ? this.#joined() : [];
  }

  /** What is held back, a line each. */
  flush(): readonly NumberedLine[] {
    const held = this.#held;
    this.#held = [];
    this.#characters = 0;
    return held;
  }

  #joined(): readonly NumberedLine[] {
    const whole = this.#held.map(({ text }) => text.trim()).join(' ');
    const from = whole.indexOf('{');
    const end = endOfObject(whole, from);
    if (end === undefined) return [];
    if (!isJson(whole.slice(from, end))) return this.flush();
    const { number } = this.flush()[0]!;
    return [{ text: whole.slice(from, end), number }];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** All lines of a text. */
export function linesOfText(text: string): readonly NumberedLine[] {
  const joiner = new LineJoiner();
  return [...text.split(/\r?\n/).flatMap((line) => joiner.add(line)), ...joiner.flush()];
}
