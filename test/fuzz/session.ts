// One run: edits, requests and notifications by a seed, and from time to time the answers of a server that starts from scratch.
import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { MemoryFiles } from '../unit/sources/sources-kit.ts';
import { answersOf } from './answers.ts';
import { randomEdit, randomText, type Edit } from './edits.ts';
import { Random } from './random.ts';
import { isRefusal, malformed, methods, paramsFor, randomCluster, type Place } from './requests.ts';
import { startServer, type FuzzServer, type OpenFile } from './server.ts';

export interface Figures {
  edits: number;
  requests: number;
  cancelled: number;
  malformed: number;
  clusters: number;
  /** Comparisons with a server from scratch. */
  comparisons: number;
}

const files = ['a', 'b', 'c', 'd', 'sub/e'].map((name) => `file:///w/${name}.yaml`);
const tests = '- request: http://api.example.com/v1\n  from: shop/sleep\n  expect: allowed\n';

/** Throws with the seed and the step where an answer differs, a request fails or the server reports an error of its own. */
export async function fuzz(seed: number, edits: number, compareEvery: number): Promise<Figures> {
  const session = new Session(seed);
  await session.start();
  try {
    for (let step = 1; step <= edits; step++) {
      await session.step();
      if (step % compareEvery === 0 || step === edits) await session.compare(step);
    }
  } finally {
    session.dispose();
  }
  return session.figures;
}

class Session {
  readonly figures: Figures = { edits: 0, requests: 0, cancelled: 0, malformed: 0, clusters: 0, comparisons: 0 };
  readonly #seed: number;
  readonly #random: Random;
  readonly #disk = new MemoryFiles();
  readonly #closed = new Map<string, string>();
  readonly #open = new Map<string, OpenFile>();
  /** By file: its text before the last edit. */
  readonly #undo = new Map<string, string>();
  #cluster: unknown = null;
  #server!: FuzzServer;
  #pending: Promise<void>[] = [];
  readonly #failures: string[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
    for (const uri of files) this.#write(uri, randomText(this.#random));
    this.#disk.put('/w/a.egress-test.yaml', tests);
  }

  async start(): Promise<void> {
    this.#server = await startServer(this.#disk, this.#open, this.#cluster);
    for (const uri of files.slice(0, 2)) await this.#openFile(uri);
  }

  dispose(): void {
    this.#server.dispose();
  }

  async step(): Promise<void> {
    const random = this.#random;
    this.figures.edits++;
    const chosen = random.next();
    if (chosen < 0.03) await this.#toggle();
    else if (chosen < 0.04) await this.#remove();
    else if (chosen < 0.05) await this.#changeCluster();
    else if (chosen < 0.2) await this.#editClosed();
    else await this.#editOpen();
    if (random.chance(0.3)) this.#ask();
    // As a keyboard does, not always: several edits may wait before the server has its turn.
    if (random.chance(0.5)) await new Promise((resume) => setImmediate(resume));
  }

  async compare(step: number): Promise<void> {
    this.figures.comparisons++;
    await Promise.all(this.#pending.splice(0));
    for (const uri of this.#open.keys()) await this.#saveAndReopen(uri);
    const where = `seed ${this.#seed}, step ${step}`;
    assert.deepEqual(this.#failures.concat(this.#server.faults), [], where);
    const scratch = await startServer(this.#disk, this.#open, this.#cluster);
    try {
      const uris = [...new Set([...this.#closed.keys(), ...this.#open.keys()])].sort();
      const fresh = await answersOf(scratch, uris);
      const ours = await answersOf(this.#server, uris);
      assert.deepEqual(ours, fresh, where);
    } finally {
      scratch.dispose();
    }
  }

  async #editOpen(): Promise<void> {
    const uri = this.#random.of([...this.#open.keys(), ...(this.#open.size === 0 ? [files[0]!] : [])]);
    const file = this.#open.get(uri);
    if (!file) return this.#openFile(uri);
    const edit = this.#nextEdit(uri, file.text);
    const text = applied(file.text, edit);
    const isWhole = this.#random.chance(0.2);
    const version = file.version + 1;
    const change = isWhole
      ? { text }
      : { range: { start: positionAt(file.text, edit.start), end: positionAt(file.text, edit.end) }, text: edit.text };
    this.#open.set(uri, { text: isWhole ? text : asEditorsApply(file.text, edit), version });
    await this.#notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] });
  }

  /** Every other edit takes the last one back, as people do who mistyped: otherwise all texts would be broken soon. */
  #nextEdit(uri: string, text: string): Edit {
    const back = this.#undo.get(uri);
    if (back !== undefined && back !== text && this.#random.chance(0.45)) {
      this.#undo.delete(uri);
      return difference(text, back);
    }
    this.#undo.set(uri, text);
    return randomEdit(this.#random, text);
  }

  async #editClosed(): Promise<void> {
    const uri = this.#random.of(files);
    if (this.#open.has(uri)) return this.#editOpen();
    const text = this.#closed.get(uri) ?? randomText(this.#random);
    this.#write(uri, applied(text, this.#nextEdit(uri, text)));
    await this.#notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  }

  async #toggle(): Promise<void> {
    const uri = this.#random.of(files);
    if (!this.#open.has(uri)) return this.#openFile(uri);
    // Closing takes the text from the disk again, unless it was saved.
    if (this.#random.chance(0.5)) {
      this.#write(uri, this.#open.get(uri)!.text);
      await this.#notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    }
    this.#open.delete(uri);
    await this.#notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** What is half-typed is read with what was there before, which only this server knows: until the file is closed. */
  async #saveAndReopen(uri: string): Promise<void> {
    const { text, version } = this.#open.get(uri)!;
    this.#write(uri, text);
    await this.#notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
    await this.#notify('textDocument/didClose', { textDocument: { uri } });
    await this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } });
  }

  async #openFile(uri: string): Promise<void> {
    const text = this.#closed.get(uri) ?? '';
    this.#open.set(uri, { text, version: 1 });
    await this.#notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }

  async #remove(): Promise<void> {
    const uri = this.#random.of(files);
    if (this.#open.has(uri) || !this.#closed.has(uri)) return;
    this.#closed.delete(uri);
    this.#disk.remove(uri.slice('file://'.length));
    await this.#notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
  }

  async #changeCluster(): Promise<void> {
    this.figures.clusters++;
    this.#cluster = randomCluster(this.#random);
    await this.#notify('istioEgress/cluster', { cluster: this.#cluster });
  }

  /** A request whose answer nobody waits for; some are cancelled, some malformed. */
  #ask(): void {
    const random = this.#random;
    const method = random.of(methods);
    const uri = random.of([...files, 'file:///elsewhere/x.yaml']);
    const lines = (this.#open.get(uri)?.text ?? this.#closed.get(uri) ?? '').split('\n');
    const line = random.below(lines.length);
    const place: Place = { uri, line, character: random.below((lines[line] ?? '').length + 1), lines: lines.length };
    const isMalformed = random.chance(0.1);
    const params = isMalformed ? malformed(random) : paramsFor(method, place, random);
    const source = new CancellationTokenSource();
    this.figures.requests++;
    if (isMalformed) this.figures.malformed++;
    const sent =
      params === undefined
        ? this.#server.connection.sendRequest(method, source.token)
        : this.#server.connection.sendRequest(method, params, source.token);
    this.#pending.push(
      sent.then(
        () => undefined,
        (error: { code?: number; message?: string }) => {
          if (!isRefusal(error))
            this.#failures.push(`${method} ${JSON.stringify(params)}: ${error.code} ${error.message}`);
        },
      ),
    );
    if (!random.chance(0.15)) return;
    this.figures.cancelled++;
    source.cancel();
  }

  #write(uri: string, text: string): void {
    this.#closed.set(uri, text);
    this.#disk.put(uri.slice('file://'.length), text);
  }

  async #notify(method: string, params: unknown): Promise<void> {
    await this.#server.connection.sendNotification(method, params);
  }
}

function applied(text: string, { start, end, text: instead }: Edit): string {
  return text.slice(0, start) + instead + text.slice(end);
}

/** The shortest edit. */
function difference(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start: head, end: before.length - tail, text: after.slice(head, after.length - tail) };
}

/** A position cannot stand between the two characters of a line's end: editors move it before them. */
function asEditorsApply(text: string, edit: Edit): string {
  return applied(text, {
    ...edit,
    start: offsetAt(text, positionAt(text, edit.start)),
    end: offsetAt(text, positionAt(text, edit.end)),
  });
}

interface Position {
  readonly line: number;
  readonly character: number;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
}

function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const line = starts.findLastIndex((start) => start <= offset);
  return { line, character: offset - starts[line]! };
}

function offsetAt(text: string, { line, character }: Position): number {
  const starts = lineStarts(text);
  const end =
    line + 1 < starts.length ? text.slice(0, starts[line + 1]).replace(/(\r\n|\n|\r)$/, '').length : text.length;
  return Math.min(starts[line]! + character, end);
}
